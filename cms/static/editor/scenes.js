// Where a sentence of a conversation leads to: chosen from the scenes that are there, instead of typed. The field that
// is typed in stays, out of sight, and is what is saved; a scene that is not written yet can still be named in it.
// When a scene gets another name, the sentences that lead to it go along.

const NAME = 'input[data-scene-name]';
const CHOICE = 'input[data-scene-choice]';
const SHOWN = 50; // characters of what the client says, beside a scene's name
const OTHER = '\u0000other'; // no name of a scene

function scenesOf(field) {
  return field.name.match(/^(.*-scenes)-\d+-value-/)?.[1] ?? '';
}

function isThere(nameField) {
  const [, one] = nameField.name.match(/^(.*-scenes-\d+)-value-name$/) ?? [];
  return document.getElementsByName(`${one}-deleted`)[0]?.value !== '1';
}

function nameFields(list) {
  return [...document.querySelectorAll(NAME)].filter((field) => scenesOf(field) === list && isThere(field));
}

function choiceFields(list) {
  return [...document.querySelectorAll(CHOICE)].filter((field) => scenesOf(field) === list);
}

function labelOf(nameField) {
  const says = document.getElementsByName(nameField.name.replace(/name$/, 'says'))[0]?.value.trim() ?? '';
  const words = says.length > SHOWN ? `${says.slice(0, SHOWN).trimEnd()}…` : says;
  return words ? `${nameField.value.trim()} · ${words}` : nameField.value.trim();
}

// All scenes only when somebody is about to choose: of two hundred scenes no list is made that nobody opens.
function optionsOf(field, all) {
  const { none, missing, other } = field.dataset;
  const chosen = field.value.trim();
  const there = nameFields(scenesOf(field)).filter((each) => each.value.trim());
  const named = there.find((each) => each.value.trim() === chosen);
  const options = [['', none]];
  if (chosen && !named) options.push([chosen, missing.replace('{name}', chosen)]);
  for (const each of all ? there : [named].filter(Boolean)) options.push([each.value.trim(), labelOf(each)]);
  if (all) options.push([OTHER, other]);
  return options;
}

function draw(field, select, all) {
  const options = optionsOf(field, all);
  const drawn = JSON.stringify(options);
  if (select.dataset.drawn !== drawn) {
    select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
    select.dataset.drawn = drawn;
  }
  select.value = field.value.trim();
}

function put(field, name) {
  field.value = name;
  for (const event of ['input', 'change']) field.dispatchEvent(new Event(event, { bubbles: true }));
}

function choose(field, select) {
  const typing = select.value === OTHER;
  field.hidden = !typing;
  if (typing) {
    field.select();
    field.focus();
    return;
  }
  put(field, select.value);
}

const selects = new WeakMap();

function enhance(field) {
  if (selects.has(field) || !scenesOf(field)) return;
  const select = document.createElement('select');
  selects.set(field, select);
  select.id = `${field.id}-scene`;
  const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  if (label) label.htmlFor = select.id;
  field.setAttribute('aria-label', field.dataset.typed);
  const described = field.getAttribute('aria-describedby');
  if (described) select.setAttribute('aria-describedby', described);
  field.before(select);
  field.hidden = true;
  for (const event of ['pointerdown', 'focus', 'keydown']) {
    select.addEventListener(event, () => draw(field, select, true));
  }
  select.addEventListener('change', () => choose(field, select));
  field.addEventListener('change', () => draw(field, select, true));
  draw(field, select, false);
}

function redraw(list) {
  for (const field of choiceFields(list)) {
    const select = selects.get(field);
    if (select && select !== document.activeElement) draw(field, select, false);
  }
}

// A name is followed once it stands, not letter by letter: on the way it may be that of another scene.
const before = new WeakMap();

document.addEventListener('focusin', ({ target }) => {
  if (target.matches?.(NAME)) before.set(target, target.value.trim());
});

document.addEventListener('change', ({ target }) => {
  if (!target.matches?.(NAME)) return;
  const list = scenesOf(target);
  const [was, is] = [before.get(target) ?? '', target.value.trim()];
  before.set(target, is);
  const names = nameFields(list).filter((each) => each !== target).map((each) => each.value.trim());
  if (was && is && was !== is && !names.includes(was) && !names.includes(is)) {
    for (const field of choiceFields(list)) if (field.value.trim() === was) put(field, is);
  }
  redraw(list);
});

function look(root) {
  if (!(root instanceof Element)) return;
  if (root.matches(CHOICE)) enhance(root);
  for (const field of root.querySelectorAll(CHOICE)) enhance(field);
}

new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) look(node);
}).observe(document.body, { childList: true, subtree: true });
look(document.body);
