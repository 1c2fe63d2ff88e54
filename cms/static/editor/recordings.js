// Bringing a recording in the dialog where one is chosen. What is wrong is said at the fields: the dialog stays at its tab
// with all that was filled in and chosen. wagtailmedia's own begins the dialog anew.

const FORM = 'form.media-upload';
const FAILED = document.querySelector('script[data-upload-failed]').dataset.uploadFailed;
const FILE = 'media-chooser-upload-file';
const TITLE = 'media-chooser-upload-title';
const named = new WeakMap(); // per form: the title that its file gave
const told = new WeakMap(); // per form: how to take back what was said at the last try

function sign(look) {
  const drawn = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  drawn.setAttribute('class', `icon icon-warning ${look}`);
  drawn.setAttribute('aria-hidden', 'true');
  drawn.innerHTML = '<use href="#icon-warning"></use>';
  return drawn;
}

function paragraph(text) {
  const said = document.createElement('p');
  said.textContent = text;
  return said;
}

function tellAtField(field, sentences) {
  const frame = field.closest('[data-field]');
  const place = frame.querySelector('[data-field-errors]');
  const before = field.getAttribute('aria-describedby');
  place.id ||= `${field.id}-errors`;
  const said = paragraph(sentences.join(' '));
  said.className = 'error-message';
  place.replaceChildren(sign('w-field__errors-icon'), said);
  frame.classList.add('w-field--error');
  field.setAttribute('aria-invalid', 'true');
  field.setAttribute('aria-describedby', [place.id, before].filter(Boolean).join(' '));
  return () => {
    place.replaceChildren();
    frame.classList.remove('w-field--error');
    field.removeAttribute('aria-invalid');
    if (before) field.setAttribute('aria-describedby', before);
    else field.removeAttribute('aria-describedby');
  };
}

function tellAbove(form, sentences) {
  const said = document.createElement('div');
  said.className = 'help-block help-critical';
  said.setAttribute('role', 'alert');
  form.prepend(said); // empty first: a screen reader says what comes into it
  said.append(sign(''), ...sentences.map(paragraph));
  said.scrollIntoView({ block: 'nearest' });
  return () => said.remove();
}

function tell(form, { fields = {}, whole = [] }) {
  const wrong = [...form.elements].filter((field) => fields[field.name] && field.closest('[data-field]'));
  const undo = wrong.map((field) => tellAtField(field, fields[field.name]));
  if (whole.length) undo.push(tellAbove(form, whole));
  told.set(form, () => undo.forEach((each) => each()));
  if (!wrong.length) return;
  wrong[0].focus({ preventScroll: true });
  wrong[0].closest('[data-field-wrapper]').scrollIntoView({ block: 'center' }); // with its name and what is wrong
}

// wagtailmedia fills an empty title with the file's name: a title that came so makes room for the next file's.
function nameAnew(form) {
  const { [FILE]: file, [TITLE]: title } = form.elements;
  if (title.value === named.get(form)) title.value = '';
  named.set(form, file.files[0]?.name.replace(/\.[^.]+$/, ''));
}

async function send(modal, form) {
  const button = form.querySelector('[type=submit]');
  told.get(form)?.();
  told.delete(form);
  let answer = { whole: [FAILED] };
  try {
    const response = await fetch(form.action, {
      method: 'POST',
      body: new FormData(form),
      headers: { 'X-Requested-With': 'XMLHttpRequest' },
    });
    if (response.ok || response.status === 422) answer = await response.json();
  } catch {
    // No network, or a page instead of an answer: somebody signed out meanwhile.
  }
  if (!form.isConnected) return;
  if (answer.step) {
    modal.loadBody(answer);
    return;
  }
  button.dataset.wProgressLoadingValue = 'false';
  tell(form, answer);
}

// Only where a recording can be chosen.
const steps = window.MEDIA_CHOOSER_MODAL_ONLOAD_HANDLERS;
if (steps) {
  const { chooser } = steps;
  steps.chooser = (modal, data) => {
    chooser(modal, data);
    for (const form of modal.body[0].querySelectorAll(FORM)) {
      window.jQuery(form).off('submit').on('submit', (event) => {
        event.preventDefault();
        send(modal, form);
      });
      form.addEventListener(
        'change',
        (event) => {
          if (event.target.name === FILE) nameAnew(form);
        },
        true, // before wagtailmedia's own
      );
    }
  };
}
