// How high the page of a part is, where that can be known. It is the package's own: nothing in it is believed to be what it seems.
const MOST = 3_000; // elements that are looked at
const SLACK = 4; // pixels

// What the page in a frame needs, in pixels; 0 where that cannot be known, because it fills what it is given, or holds frames that do.
export function heightOf(frame) {
  try {
    const page = frame.contentDocument;
    const parts = page.body.getElementsByTagName('*');
    if (page.body.tagName !== 'BODY' || parts.length > MOST || page.querySelector('iframe, frame, object, embed')) return 0;
    const shown = lowest(page, parts);
    // For a moment there is nothing to fill. It is all laid out anew at once, and nothing of it is painted.
    frame.style.blockSize = '1px';
    const needed = Math.max(page.documentElement.scrollHeight, page.body.scrollHeight);
    return shown > lowest(page, parts) + SLACK ? 0 : needed;
  } catch {
    return 0; // no page, or one that is not of this host: the browser's own, of an error
  } finally {
    frame.style.blockSize = '';
  }
}

// The page and its body are often as high as the frame, with nothing below their contents.
function lowest(page, parts) {
  const bottoms = [...parts].map((part) => part.getBoundingClientRect().bottom);
  return Math.max(0, ...bottoms) + page.defaultView.scrollY;
}

// Calls when the page in a frame may have become another height.
export function watchHeight(frame, changed) {
  try {
    const { contentDocument: page, contentWindow: { ResizeObserver: Observer } } = frame;
    new Observer(changed).observe(page.body);
    for (const name of ['click', 'keyup', 'change', 'load']) page.addEventListener(name, changed, { capture: true, passive: true });
  } catch {
    // as above
  }
}

// Tells a height once it is another. A page that shrinks when its frame does fills it in a way that is not seen at once (by a script):
// it gets what it is given.
export class Fit {
  constructor(stage, tell) {
    Object.assign(this, { stage, tell, asked: 0, needed: 0, after: 0, fills: false, width: window.innerWidth });
  }

  // Another part, or another page of it.
  begin(frame) {
    Object.assign(this, { frame, fills: false, after: 0 });
    watchHeight(frame, () => this.soon());
    this.look();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), 150);
  }

  // The frame around has another size, perhaps because it was asked for.
  resized() {
    if (window.innerWidth === this.width) this.after = this.needed;
    this.width = window.innerWidth;
    this.soon();
  }

  look() {
    clearTimeout(this.timer);
    if (!this.frame?.isConnected || document.fullscreenElement) return;
    const needed = this.fills ? 0 : heightOf(this.frame);
    this.fills = this.fills || (needed > 0 && needed < this.after - SLACK);
    this.after = 0;
    this.needed = this.fills ? 0 : needed;
    const above = Math.ceil(this.stage.getBoundingClientRect().top + window.scrollY);
    const least = Number.parseFloat(getComputedStyle(this.stage).minHeight) || 0;
    const pixels = this.needed && above + Math.max(this.needed, Math.ceil(least));
    if (pixels === this.asked) return;
    this.asked = pixels;
    this.tell(pixels);
  }
}
