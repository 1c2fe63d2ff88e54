// Three times Shift leaves the page around, also from in here: each press is told to it, and no other key is. A package's own page can
// only be listened to once it is there; one that wants to keep the key for itself can.
export class ExitKey {
  constructor(tell) {
    Object.assign(this, { tell, again: false, heard: new WeakSet() });
    this.listen(window);
  }

  // A part's page, and the frames within that can be reached.
  within(frame) {
    try {
      const { contentWindow: view, contentDocument: page } = frame;
      if (this.heard.has(page)) return;
      this.heard.add(page);
      this.listen(view);
      for (const each of page.querySelectorAll('iframe, frame')) {
        this.within(each);
        each.addEventListener('load', () => this.within(each));
      }
    } catch {
      // no page, or one that is not of this host
    }
  }

  listen(view) {
    view.addEventListener('keydown', (event) => this.pressed(event), { capture: true });
    view.addEventListener('pointerdown', () => { this.again = false; }, { capture: true });
  }

  pressed({ key, repeat, ctrlKey, altKey, metaKey }) {
    if (key !== 'Shift' || ctrlKey || altKey || metaKey) {
      this.again = false;
    } else if (!repeat) {
      this.tell('shift', { again: this.again });
      this.again = true;
    }
  }
}
