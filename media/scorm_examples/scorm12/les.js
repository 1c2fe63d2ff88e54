// Een les volgens SCORM 1.2: zoekt de omgeving op, gaat verder waar iemand was, en meldt antwoorden en score.
(function () {
  'use strict';

  function findAPI(win) {
    for (let tries = 0; !win.API && win.parent && win.parent !== win && tries < 7; tries += 1) win = win.parent;
    return win.API || null;
  }

  const api = findAPI(window);
  const pages = Array.from(document.querySelectorAll('[data-page]'));
  const questions = pages.filter((page) => page.dataset.question);
  const begun = new Date();
  let answers = {};
  let at = 0;
  let ended = false;

  const get = (name) => api.LMSGetValue(name);
  const set = (name, value) => api.LMSSetValue(name, String(value));

  function score() {
    return questions.filter((page) => answers[page.dataset.question] === page.dataset.right).length;
  }

  function time() {
    const seconds = Math.floor((new Date() - begun) / 1000);
    return [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
  }

  function keep() {
    set('cmi.core.lesson_location', at);
    set('cmi.suspend_data', JSON.stringify(answers));
    api.LMSCommit('');
  }

  function show(page) {
    at = page;
    pages.forEach((each, number) => { each.hidden = number !== at; });
    document.getElementById('where').textContent = `Bladzijde ${at + 1} van ${pages.length}`;
    document.getElementById('back').disabled = at === 0;
    document.getElementById('next').hidden = at === pages.length - 1;
    document.getElementById('score').textContent = score();
    if (at === pages.length - 1) finish();
    keep();
  }

  function answer(page, value) {
    const id = page.dataset.question;
    answers[id] = value;
    const place = `cmi.interactions.${questions.indexOf(page)}`;
    set(`${place}.id`, id);
    set(`${place}.type`, 'choice');
    set(`${place}.student_response`, value);
    set(`${place}.correct_responses.0.pattern`, page.dataset.right);
    set(`${place}.result`, value === page.dataset.right ? 'correct' : 'wrong');
    keep();
  }

  function finish() {
    set('cmi.core.score.min', 0);
    set('cmi.core.score.max', 100);
    set('cmi.core.score.raw', (100 * score()) / questions.length);
    set('cmi.core.lesson_status', score() * 2 >= questions.length ? 'passed' : 'failed');
  }

  function leave() {
    if (ended) return;
    ended = true;
    set('cmi.core.exit', at === pages.length - 1 ? '' : 'suspend');
    set('cmi.core.session_time', time());
    api.LMSFinish('');
  }

  api.LMSInitialize('');
  if (get('cmi.core.lesson_status') === 'not attempted') set('cmi.core.lesson_status', 'incomplete');
  try {
    answers = JSON.parse(get('cmi.suspend_data')) || {};
  } catch {
    answers = {};
  }
  for (const page of questions) {
    for (const choice of page.querySelectorAll('input')) {
      choice.checked = answers[page.dataset.question] === choice.value;
      choice.addEventListener('change', () => answer(page, choice.value));
    }
  }
  document.getElementById('next').addEventListener('click', () => show(at + 1));
  document.getElementById('back').addEventListener('click', () => show(at - 1));
  window.addEventListener('pagehide', leave);
  show(Math.min(Number(get('cmi.core.lesson_location')) || 0, pages.length - 1));
}());
