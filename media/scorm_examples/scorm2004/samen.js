// Wat beide delen nodig hebben van SCORM 2004: de omgeving vinden, verder gaan, bladeren en afsluiten.
'use strict';

function findAPI(win) {
  for (let tries = 0; !win.API_1484_11 && win.parent && win.parent !== win && tries < 500; tries += 1) win = win.parent;
  return win.API_1484_11 || null;
}

const api = findAPI(window);
const get = (name) => api.GetValue(name);
const set = (name, value) => api.SetValue(name, String(value));
const pages = Array.from(document.querySelectorAll('[data-page]'));
const begun = Date.now();
let at = 0;
let ended = false;

function show(page, reached) {
  at = page;
  pages.forEach((each, number) => { each.hidden = number !== at; });
  document.getElementById('where').textContent = `Bladzijde ${at + 1} van ${pages.length}`;
  document.getElementById('back').disabled = at === 0;
  document.getElementById('next').hidden = at === pages.length - 1;
  set('cmi.location', at);
  reached(at === pages.length - 1);
  api.Commit('');
}

function leave() {
  if (ended) return;
  ended = true;
  set('cmi.exit', get('cmi.completion_status') === 'completed' ? 'normal' : 'suspend');
  set('cmi.session_time', `PT${Math.round((Date.now() - begun) / 1000)}S`);
  api.Terminate('');
}

function start(reached) {
  api.Initialize(''); // of al gedaan: dan gebeurt er niets
  if (get('cmi.completion_status') === 'unknown') set('cmi.completion_status', 'incomplete');
  document.getElementById('next').addEventListener('click', () => show(at + 1, reached));
  document.getElementById('back').addEventListener('click', () => show(at - 1, reached));
  window.addEventListener('pagehide', leave);
  show(Math.min(Number(get('cmi.location')) || 0, pages.length - 1), reached);
}
