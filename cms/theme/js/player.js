// A recording: choose a speed, go on where somebody stopped, and report which stretches were played.
// The browser itself keeps what was played; the server decides how much of that counts.

const EVERY = 15_000; // milliseconds between reports while it plays
const NEAR_THE_END = 3; // seconds: who stopped there begins anew
const places = new Map(); // by activity: where the player was when its form was swapped

class Player {
  constructor(box) {
    this.box = box;
    this.media = box.querySelector('video, audio');
    this.form = box.closest('form');
    this.line = box.querySelector('[data-progress]');
    this.url = box.dataset.report;
    const kept = places.get(this.form.id) ?? this.kept();
    this.revision = kept.revision ?? 0;
    this.reported = 0;
    this.sending = false;
    this.speeds();
    this.goOn(kept);
    if (this.url) this.listen();
  }

  kept() {
    const place = this.box.dataset.place;
    if (!place) return {};
    const kept = JSON.parse(place);
    return String(kept.recording) === this.box.dataset.recording ? kept : { revision: kept.revision };
  }

  speeds() {
    const label = this.box.querySelector('[data-speed]');
    const select = label.querySelector('select');
    label.hidden = false;
    select.addEventListener('change', (event) => {
      event.stopPropagation();
      this.media.playbackRate = Number(select.value);
    });
  }

  goOn({ at = 0 }) {
    const go = () => {
      if (at <= 0 || at > this.media.duration - NEAR_THE_END) return;
      this.media.currentTime = at;
      this.line.textContent = this.box.dataset.goingOn;
    };
    if (this.media.readyState >= HTMLMediaElement.HAVE_METADATA) go();
    else this.media.addEventListener('loadedmetadata', go, { once: true });
  }

  listen() {
    this.media.addEventListener('play', () => this.report());
    this.media.addEventListener('timeupdate', () => {
      if (!this.media.paused && performance.now() - this.reported > EVERY) this.report();
    });
    for (const name of ['pause', 'ended']) this.media.addEventListener(name, () => this.report());
  }

  stretches() {
    const { played } = this.media;
    const all = [];
    for (let number = 0; number < played.length; number += 1) all.push([played.start(number), played.end(number)]);
    return all.slice(-200);
  }

  begun() {
    return this.media.played.length > 0 || !this.media.paused;
  }

  async report({ last = false } = {}) {
    if (!this.begun() || (this.sending && !last)) return;
    const news = { at: this.media.currentTime, played: this.stretches() };
    if (JSON.stringify(news) === this.told) return;
    this.told = JSON.stringify(news);
    this.sending = true;
    this.reported = performance.now();
    this.revision += 1;
    const body = JSON.stringify({ ...news, version: Number(this.form.elements.version.value), revision: this.revision });
    const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': this.form.elements.csrfmiddlewaretoken.value };
    try {
      const answer = await fetch(this.url, { method: 'POST', body, headers, keepalive: true, credentials: 'same-origin' });
      if (answer.status === 409) {
        // Another tab was further: go on counting from what it kept.
        this.revision = (await answer.json()).revision;
      } else if (answer.ok) {
        this.tell(await answer.json());
      }
    } catch {
      // Away from the network: the browser still knows what was played, and the next report tells it.
    } finally {
      this.sending = false;
    }
  }

  tell({ played, done }) {
    const sentence = done ? this.box.dataset.counts : this.box.dataset.playedSoFar;
    const text = sentence.replace('{share}', played);
    if (this.line.textContent !== text) this.line.textContent = text;
    if (done) this.form.querySelector('[data-instead]')?.remove();
  }
}

const players = new Set();

function begin(root) {
  for (const box of root.querySelectorAll('[data-player]')) {
    if (box.dataset.begun) continue;
    box.dataset.begun = 'yes';
    players.add(new Player(box));
  }
}

function leave() {
  for (const player of players) {
    if (player.url && player.box.isConnected) player.report({ last: true });
  }
}

begin(document);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') leave();
});
window.addEventListener('pagehide', leave);

// The form is answered and swapped: the player goes on where it was.
document.body.addEventListener('htmx:beforeSwap', (event) => {
  for (const player of players) {
    if (!event.detail.target?.contains?.(player.box)) continue;
    places.set(player.form.id, { at: player.media.currentTime, revision: player.revision });
    players.delete(player);
  }
});
document.body.addEventListener('htmx:afterSettle', () => begin(document));
