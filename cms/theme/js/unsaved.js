// A text that somebody typed for themselves and did not send: the browser asks before it is lost.
// Leaving through the exit asks nothing, and neither does sending the form.

const typed = 'textarea, input[type="text"]';
let leaving = false;

function unsent() {
  const fields = document.querySelectorAll(`:is(.activity, [data-own-text]) :is(${typed})`);
  return [...fields].some((field) => !field.disabled && !field.readOnly && field.value !== field.defaultValue);
}

document.addEventListener('submit', () => { leaving = true; }, { capture: true });
// A form that htmx sends leaves the page where it is.
document.body.addEventListener('htmx:afterRequest', () => { leaving = false; });

window.addEventListener('beforeunload', (event) => {
  const out = document.documentElement.hasAttribute('data-left');
  if (leaving || out || !unsent()) return;
  event.preventDefault();
});
