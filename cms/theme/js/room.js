// The room for intervision: everybody in it sees phase and clock move. Every few seconds the page asks whether something
// changed; an answer of 304 says no, and carries what the server's clock has left. In between it counts down by itself.
// Without this script the page shows until when a phase lasts, and a link asks for it anew.
import { announce } from './htmx_care.js';

const room = document.querySelector('[data-room]');
const WHEN_HIDDEN = 10; // times slower while nobody looks; not never, for what was read there has to go at the end
const DOUBLE_CLICK = 700; // milliseconds in which a second press on a button, or on what stands there by then, is the same one
const LONGEST = 30_000; // milliseconds between two questions while the connection is gone

let tag = '';
let left = { seconds: 0, at: 0 };
let spokenAt = new Set(); // what was said of this phase already: one minute left, time over
let misses = 0;
let timer = 0;
let asking = false;
let pressed = { button: undefined, at: -DOUBLE_CLICK };
let presses = 0; // an answer to a question from before a press is old news

const every = () => Number(room.dataset.every) * 1000;
const clock = () => room.querySelector('[data-clock]');
const ended = () => room.querySelector('[data-room-ended]') !== null;
const partsOf = (root) => new Map([...root.querySelectorAll('[data-room-part]')].map((part) => [part.dataset.roomPart, part]));

// --- the clock
function secondsLeft() {
  const runs = clock()?.hasAttribute('data-running');
  return left.seconds - (runs ? (performance.now() - left.at) / 1000 : 0);
}

function figure(seconds) {
  const whole = Math.abs(Math.ceil(seconds));
  return `${seconds <= -1 ? '+' : ''}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function say(which, seconds, limit) {
  if (seconds > limit || spokenAt.has(which)) return;
  spokenAt.add(which);
  announce(clock().dataset[which]);
}

function draw() {
  const box = clock();
  if (!box) return;
  const seconds = secondsLeft();
  const shown = box.querySelector('[role=timer]');
  shown.hidden = false;
  shown.textContent = figure(seconds);
  box.toggleAttribute('data-is-over', seconds < 0);
  if (!box.hasAttribute('data-running')) return;
  if (seconds > 0) say('minute', seconds, 60);
  say('over', seconds, 0);
}

function setLeft(seconds) {
  if (Number.isFinite(seconds)) left = { seconds, at: performance.now() };
}

// A phase begins: whatever was past already is not said again.
function takeClockOver() {
  const box = clock();
  if (!box) return;
  setLeft(Number(box.dataset.left));
  spokenAt = new Set();
  if (left.seconds <= 60) spokenAt.add('minute');
  if (left.seconds <= 0) spokenAt.add('over');
}

// --- what changed
function bare(part) {
  const copy = part.cloneNode(true);
  for (const token of copy.querySelectorAll('input[name=csrfmiddlewaretoken]')) token.remove(); // another one each time
  return copy.innerHTML;
}

function isBusy(part) {
  const fields = part.querySelectorAll('textarea, input[type=text]');
  const typed = [...fields].some((field) => field.value !== field.defaultValue || field === document.activeElement);
  return typed || part.querySelector('[data-form-errors]') !== null || part.querySelector('details[open]') !== null;
}

function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement.id : '';
  old.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function takeOver(fresh) {
  const before = partsOf(room);
  const after = partsOf(fresh);
  const spoken = (parts) => [...parts.values()].map((part) => part.dataset.announce ?? '').join(' ').trim();
  const news = spoken(after) === spoken(before) ? '' : spoken(after);
  const clockMoved = after.has('clock') && bare(after.get('clock')) !== (before.has('clock') ? bare(before.get('clock')) : '');
  if ([...before.keys()].join() === [...after.keys()].join()) {
    for (const [name, part] of after) {
      const old = before.get(name);
      if (bare(part) === bare(old) || isBusy(old)) continue;
      replace(old, part);
    }
  } else {
    // Another kind of page: opened, begun with, closed. What somebody typed for themselves moves along.
    const kept = before.get('point');
    room.replaceChildren(...fresh.childNodes);
    showMessages(fresh);
    const place = partsOf(room).get('point');
    if (kept && place && isBusy(kept)) place.replaceWith(kept);
  }
  if (clockMoved) takeClockOver();
  withoutLinks();
  draw();
  if (news) announce(news);
}

function withoutLinks() {
  for (const each of document.querySelectorAll('[data-without-script]')) each.hidden = true;
}

// --- asking
function told(text) {
  let line = room.querySelector(':scope > .send-error');
  if (!text) {
    line?.remove();
    return;
  }
  if (line) return;
  line = document.createElement('p');
  line.className = 'send-error';
  line.setAttribute('role', 'status');
  line.textContent = text;
  room.prepend(line);
}

async function ask() {
  if (asking) return;
  asking = true;
  const before = presses;
  try {
    const answer = await fetch(room.dataset.state, {
      headers: tag ? { 'If-None-Match': tag } : {}, credentials: 'same-origin', cache: 'no-store',
    });
    if (answer.status === 404 || answer.redirected) {
      window.location.assign(room.dataset.home); // signed out, or not theirs any more: the page says so itself
      return;
    }
    if (!answer.ok && answer.status !== 304) throw new Error(String(answer.status));
    misses = 0;
    told('');
    const text = await answer.text();
    if (before !== presses) return;
    if (answer.status === 200) {
      const fresh = new DOMParser().parseFromString(text, 'text/html');
      tag = answer.headers.get('ETag') ?? '';
      takeOver(fresh.body);
    }
    setLeft(Number(answer.headers.get('Room-Left') ?? NaN));
    draw();
  } catch {
    misses += 1;
    if (misses > 1) told(room.dataset.lost);
  } finally {
    asking = false;
    later();
  }
}

function later() {
  window.clearTimeout(timer);
  if (ended()) return;
  const pace = document.hidden ? every() * WHEN_HIDDEN : every();
  timer = window.setTimeout(ask, misses ? Math.min(LONGEST, pace * 2 ** misses) : pace);
}

// --- pressing: the same form, without the page being drawn anew
async function press(form) {
  presses += 1;
  const sent = { method: 'POST', body: new FormData(form), credentials: 'same-origin' };
  const answer = await fetch(form.action, sent).catch(() => null);
  form.removeAttribute('data-sent');
  told(answer ? '' : room.dataset.lost);
  if (!answer) return; // no connection: it can be pressed once more
  try {
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const there = fresh.querySelector('[data-room]');
    if (!answer.ok || !there) throw new Error(String(answer.status));
    tag = there.dataset.tag;
    takeOver(there);
    announce([...fresh.querySelectorAll('.message')].map((message) => message.textContent).join(' '));
    showMessages(fresh);
  } catch {
    form.submit(); // signed out, a stale token: the browser shows it
  }
}

function showMessages(fresh) {
  const said = fresh.querySelector('.messages');
  document.querySelector('.messages')?.closest('.wrap').remove();
  if (said) document.querySelector('main').before(said.closest('.wrap'));
}

if (room) {
  tag = room.dataset.tag;
  takeClockOver();
  withoutLinks();
  draw();
  window.setInterval(draw, 250);
  room.addEventListener('submit', (event) => {
    const form = event.target.closest('[data-room-act]');
    if (!form) return;
    event.preventDefault();
    const now = { button: event.submitter?.id, at: performance.now() };
    const again = now.button === pressed.button && now.at - pressed.at < DOUBLE_CLICK;
    if (form.hasAttribute('data-sent') || again) return;
    pressed = now;
    form.setAttribute('data-sent', '');
    press(form);
  });
  document.addEventListener('visibilitychange', () => { if (!document.hidden && !ended()) ask(); });
  later();
}
