// The player around a SCORM package, on the package's own host: starts its parts, is their runtime, and tells the page around it what
// to keep. Runs beside a stranger's program that may do with this page as it likes: nothing that is said here is trusted anywhere.
import { ExitKey } from './exit_key.js';
import { Fit } from './height.js';
import { isFinished, wholeOf } from './outcome.js';
import * as statements from './statements.js';

const SETTLED = 700; // milliseconds after a part last said something
const WHOLE = 'whole'; // the name under which it is kept what was told of the whole
const ALONE = '#proef'; // an editor looks at it: nobody around it listens

export function start(runtime) {
  const settings = JSON.parse(document.getElementById('settings').textContent);
  const words = document.querySelector('[data-words]').dataset;
  const stage = document.querySelector('[data-stage]');
  const nav = document.querySelector('[data-parts]');
  const items = [...document.querySelectorAll('[data-part]')];
  const records = settings.parts.map(() => null);
  const sent = new Map(); // what was told last, by what it is about
  let whole = {};
  let open = null; // { number, api, frame }
  let settling = 0;

  const tell = (kind, more = {}) => window.parent.postMessage({ context: 'leerhuis', kind, ...more }, settings.site);
  const report = (statement) => tell('statement', { statement });
  const name = (number) => `deel-${number + 1}`;
  const fit = new Fit(stage, (pixels) => tell('height', { pixels }));
  const exitKey = new ExitKey(tell);

  function once(key, value, does) {
    const text = JSON.stringify(value);
    if (sent.get(key) === text) return;
    sent.set(key, text);
    does(text);
  }

  function begin({ told, places = {} }) {
    settings.parts.forEach((_part, number) => {
      records[number] = parsed(places[number]);
      sent.set(String(number), places[number]);
    });
    whole = parsed(places[WHOLE]) ?? {};
    if (told) tell('ready', { told });
    if (!records.some(Boolean)) report(statements.begun());
    launch(whereItWas());
  }

  // The part that was open last and is not finished; else the first that is not.
  function whereItWas() {
    const under = records.findIndex((record, number) => number === whole.at && record && !isFinished(record.status));
    const next = records.findIndex((record) => !record || !isFinished(record.status));
    return under >= 0 ? under : Math.max(next, 0);
  }

  function launch(number) {
    close();
    const part = settings.parts[number];
    const record = records[number];
    const kept = record?.cmi && !runtime.startsAnew(record) ? record : null;
    const api = part.tells ? made(part, kept) : null;
    window[runtime.name] = api ?? undefined;
    const frame = document.createElement('iframe');
    frame.title = part.title;
    frame.setAttribute('allow', 'fullscreen');
    open = { number, api, frame, ended: false };
    if (api) listen(open);
    stage.setAttribute('data-waiting', '');
    frame.addEventListener('load', () => {
      stage.removeAttribute('data-waiting');
      if (!part.tells) keep(number, { status: 'completed', score: null });
      fit.begin(frame);
      exitKey.within(frame);
    });
    frame.src = part.address;
    stage.append(frame);
    whole = { ...whole, at: number };
    show();
  }

  // What was kept may be what no runtime takes: it begins anew then.
  function made(part, kept) {
    try {
      return runtime.create(part, kept);
    } catch {
      return runtime.create(part, null);
    }
  }

  function listen(current) {
    const { api } = current;
    const on = (event, does) => api.on(runtime.events[event], () => { if (open === current) does(); });
    on('begun', save);
    on('said', () => { clearTimeout(settling); settling = setTimeout(save, SETTLED); });
    on('committed', () => save({ whether: true }));
    on('ended', () => { current.ended = true; save({ whether: true }); });
    api.on('SequenceNext', () => later(current, 1));
    api.on('SequencePrevious', () => later(current, -1));
  }

  // Not while the part is still talking.
  function later(current, step) {
    setTimeout(() => {
      const number = current.number + step;
      if (open === current && settings.parts[number]) launch(number);
    }, 0);
  }

  function close() {
    if (!open) return;
    const { frame } = open;
    save({ whether: true });
    frame.remove(); // it may say its last words now
    save({ whether: true });
    clearTimeout(settling);
    open = null;
  }

  // Keeps what the open part has said; with `whether` it is told, too, whether something is finished.
  function save({ whether = false } = {}) {
    clearTimeout(settling);
    if (!open?.api || open.api.isNotInitialized()) return;
    const cmi = runtime.kept(open.api);
    const before = records[open.number];
    // Who opens a finished part again has finished it all the same.
    const came = runtime.outcome(cmi);
    const { status, score } = isFinished(before?.status) && !isFinished(came.status) ? before : came;
    keep(open.number, { cmi, ended: open.ended, status, score });
    if (whether) conclude();
  }

  function keep(number, record) {
    records[number] = record;
    once(String(number), record, (text) => tell('state', { part: String(number), state: text }));
    if (!record.cmi) conclude();
    show();
  }

  function conclude() {
    const { number } = open;
    const record = records[number];
    if (!record) return;
    for (const question of record.cmi ? runtime.questions(record.cmi) : []) {
      once(`${number}/${question.id}`, question, () => report(statements.answered(question, name(number))));
    }
    if (records.length > 1 && isFinished(record.status)) {
      const { status, score } = record;
      once(`told ${number}`, { status, score }, () => report(statements.finished({ status, score }, name(number))));
    }
    const came = wholeOf(records);
    const text = came && JSON.stringify(came);
    if (came && whole.told !== text) {
      whole = { ...whole, told: text };
      report(statements.finished(came));
    }
    once(WHOLE, whole, (kept) => tell('state', { part: WHOLE, state: kept }));
  }

  function show() {
    items.forEach((item, number) => {
      const here = open?.number === number;
      const status = records[number]?.status ?? 'new';
      const button = item.querySelector('button');
      if (here) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
      item.querySelector('[data-state]').textContent = words[status] ?? '';
      item.dataset.status = status;
    });
    nav?.querySelector('[data-step="-1"]').toggleAttribute('disabled', open?.number === 0);
    nav?.querySelector('[data-step="1"]').toggleAttribute('disabled', open?.number === settings.parts.length - 1);
  }

  document.addEventListener('click', ({ target }) => {
    const item = target.closest('[data-part]');
    const step = target.closest('[data-step]');
    if (target.closest('[data-full]')) document.documentElement.requestFullscreen?.().catch(() => {});
    else if (item && open && items.indexOf(item) !== open.number) launch(items.indexOf(item));
    else if (step && open) launch(open.number + Number(step.dataset.step));
  });
  window.addEventListener('message', ({ source, origin, data }) => {
    if (source !== window.parent || origin !== settings.site || data?.context !== 'leerhuis') return;
    if (data.kind === 'start' && !open) begin(data);
    else if (data.kind === 'flush') save({ whether: true });
  });
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') save({ whether: true }); });
  window.addEventListener('pagehide', () => save({ whether: true }));
  window.addEventListener('resize', () => fit.resized());

  if (window.location.hash === ALONE) begin({});
  else tell('hello');
}

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
