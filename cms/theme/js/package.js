// Packages in a lesson. H5P plays in a sandbox that can reach nothing, SCORM on a host of its own; what either sends is looked at here
// and passed on to the server, which believes little of it. Who talks must be that very frame and of that very origin, and must keep to
// a few forms, sizes and numbers.
import { accepted, Limits, TOO_LARGE } from './package_messages.js';
import { Sender } from './package_sender.js';

const LOADING = 30_000; // milliseconds until somebody is told that it does not load; it may still come
const LOADED = 4_000; // once the frame has something in it
const NEARBY = '800px'; // loaded when it is nearly in view: several packages need not load at once
const HIGHEST = 20_000; // pixels
const SANDBOXES = { h5p: 'allow-scripts', scorm: 'allow-scripts allow-same-origin allow-forms' };
const MAY_BE_REPLACED = ['waar', 'completed'];

const players = new Map(); // the frame's window → its player

class Player {
  constructor(box) {
    this.box = box;
    this.form = box.closest('form');
    this.load();
  }

  async load() {
    this.show('wait');
    this.timer = setTimeout(() => this.show('lost'), LOADING);
    const round = this.round = {};
    const launch = await launched(this.box.dataset.src);
    if (this.round !== round || !this.box.isConnected) return; // stopped or swapped meanwhile, or begun again
    if (!Object.hasOwn(SANDBOXES, launch.kind)) {
      clearTimeout(this.timer);
      this.show(launch.note);
      return;
    }
    this.frameUp(launch);
  }

  frameUp(launch) {
    this.launch = launch;
    this.box.dataset.kind = launch.kind;
    this.limits = new Limits(launch.origin);
    this.sender = new Sender({
      statements: this.box.dataset.statement,
      places: this.box.dataset.place,
      token: () => this.form?.querySelector('input[name=csrfmiddlewaretoken]')?.value ?? '',
      told: (html) => this.tell(html),
      note: (name, sentence) => this.show(name, sentence),
    });
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', SANDBOXES[launch.kind]);
    frame.setAttribute('allow', 'fullscreen *');
    frame.title = this.box.dataset.title;
    frame.src = launch.address;
    this.box.append(frame);
    this.frame = frame;
    players.set(frame.contentWindow, this);
    frame.addEventListener('load', () => {
      // The document says by itself that it is ready; one that is there and says nothing is none.
      if (this.sender.version) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.show('lost'), LOADED);
    });
  }

  stop() {
    clearTimeout(this.timer);
    this.round = null;
    players.delete(this.frame?.contentWindow);
    this.sender?.flush();
    this.frame?.remove();
    this.frame = null;
  }

  again() {
    this.stop();
    this.load();
  }

  // One note at a time; without a name none.
  show(name = '', sentence = '') {
    for (const note of this.box.querySelectorAll('[data-note]')) {
      note.hidden = note.dataset.note !== name;
      const words = note.querySelector('[data-sentence]');
      if (!note.hidden && sentence && words) words.textContent = sentence;
    }
    this.box.toggleAttribute('data-waiting', name === 'wait');
  }

  answer(action) {
    if (this.launch.kind === 'h5p') this.frame?.contentWindow.postMessage({ context: 'h5p', action }, '*');
  }

  // A sandbox has no origin that could be named; a host has, and nobody else hears.
  say(kind, more = {}) {
    const to = this.launch.kind === 'h5p' ? '*' : this.launch.origin;
    this.frame?.contentWindow.postMessage({ context: 'leerhuis', kind, ...more }, to);
  }

  receive(event) {
    const verdict = this.limits.count(event.data, event.origin);
    if (verdict === 'stop') {
      this.stop();
      this.show('stopped');
      return;
    }
    const message = verdict === 'fits' ? accepted(event.data) : null;
    if (message === TOO_LARGE) this.show('large');
    else if (message) this[`on_${message.kind}`](message);
  }

  on_ready({ told }) {
    clearTimeout(this.timer);
    this.show();
    this.sender.start(told);
  }

  // A part of it did not come, or it came and does not work: then there is nothing to look at.
  on_failed({ broken }) {
    if (broken) this.stop();
    clearTimeout(this.timer);
    this.show(broken ? 'broken' : 'lost');
  }

  on_state({ part, state }) {
    this.sender.keep(part, state);
  }

  on_statement({ statement }) {
    this.sender.report(statement);
  }

  // A SCORM package's player is there, and asks for what it starts with.
  on_begin() {
    if (this.launch.start) this.say('start', this.launch.start);
  }

  // The exit's key while the focus is in the frame. A hostile package can say it too: at worst the page is left for the neutral site and
  // its learner signed out. No address comes from the frame, and it hears nothing back.
  on_shift({ again }) {
    document.dispatchEvent(new CustomEvent('package:shift', { detail: { again } }));
  }

  // A SCORM package's player says how high its page is, and 0 where nobody can know; the bounds of it are in `package.css`.
  on_height({ pixels }) {
    if (this.launch.kind !== 'scorm') return;
    if (pixels) this.frame.style.setProperty('--needed', `${Math.ceil(pixels)}px`);
    else this.frame.style.removeProperty('--needed');
  }

  // H5P's protocol for the height of a frame.
  on_hello() {
    this.answer('hello');
  }

  on_prepareResize({ scrollHeight, clientHeight }) {
    if (this.frame.clientHeight === scrollHeight && scrollHeight === clientHeight) return;
    this.height(clientHeight);
    this.answer('resizePrepared');
  }

  on_resize({ scrollHeight }) {
    this.height(scrollHeight);
  }

  height(pixels) {
    this.frame.style.height = `${Math.min(Math.ceil(pixels), HIGHEST)}px`;
  }

  // What came of an answer: parts of this page, in the place of those with the same id.
  tell(html) {
    const answer = new DOMParser().parseFromString(html, 'text/html');
    const own = this.form?.querySelector('[data-told]')?.id;
    for (const part of answer.querySelectorAll('body > [id]')) {
      if (part.id !== own && !MAY_BE_REPLACED.includes(part.id)) continue;
      const here = document.getElementById(part.id);
      if (here) here.replaceWith(part);
      else this.form?.after(part);
    }
  }
}

// Where it plays, or the note that says why not.
async function launched(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: 'application/json' }, credentials: 'same-origin', redirect: 'manual' });
    if (answer.type === 'opaqueredirect') return { note: 'session' };
    return answer.ok ? await answer.json() : { note: 'lost' };
  } catch {
    return { note: 'lost' };
  }
}

function begin(root) {
  for (const box of root.querySelectorAll('[data-package]:not([data-begun])')) {
    box.setAttribute('data-begun', '');
    near.observe(box);
  }
}

const near = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    const player = new Player(target);
    target.addEventListener('click', (event) => {
      if (event.target.closest('[data-again]')) player.again();
    });
  }
}, { rootMargin: NEARBY });

function each(does) {
  for (const player of players.values()) does(player);
}

if (document.querySelector('[data-package]')) {
  window.addEventListener('message', (event) => players.get(event.source)?.receive(event));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'hidden') return;
    each((player) => {
      player.say('flush');
      player.sender.flush();
    });
  });
  window.addEventListener('pagehide', () => each((player) => player.sender.flush()));
  window.addEventListener('resize', () => each((player) => player.answer('resize')));
  window.addEventListener('online', () => each((player) => player.sender.flush()));
  // A form that is swapped takes its frame along: what is not sent yet goes first.
  document.body.addEventListener('htmx:beforeSwap', ({ detail }) => {
    each((player) => { if (detail.shouldSwap && detail.target.contains(player.box)) player.stop(); });
  });
  document.body.addEventListener('htmx:afterSettle', () => begin(document));
  begin(document);
}
