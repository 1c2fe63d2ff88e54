// The exit: cover the page at once, end the session, leave without a trace in the Back button.
// Without this script the form posts to /weg/ and the server redirects.

const SHIFTS = 3;
const SHIFT_PAUSE = 1500; // milliseconds between two presses

const form = document.querySelector('form[data-exit-url]');
const personal = document.body.hasAttribute('data-personal');
let leaving = false;

function cover() {
  const root = document.documentElement;
  if (root.hasAttribute('data-left')) return;
  // The attribute hides everything in <body>, whatever lies on top; the cover paints the window.
  root.setAttribute('data-left', '');
  const sheet = document.createElement('div');
  sheet.className = 'exit-cover';
  document.body.append(sheet);
  // A zero-width space: with an empty title a browser shows the address instead.
  document.title = '\u200b';
}

function leave() {
  if (leaving) return;
  leaving = true;
  cover();
  const url = form.dataset.exitUrl;
  if (!url) {
    form.submit();
    return;
  }
  try {
    fetch(form.action, { method: 'POST', keepalive: true, credentials: 'same-origin', redirect: 'manual' }).catch(() => {});
  } finally {
    window.location.replace(url);
  }
}

if (form) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    leave();
  });

  let count = 0;
  let last = 0;
  const pressed = ({ timeStamp }) => {
    count = timeStamp - last > SHIFT_PAUSE ? 1 : count + 1;
    last = timeStamp;
    if (count === SHIFTS) leave();
  };
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Shift' || event.ctrlKey || event.altKey || event.metaKey) {
      count = 0;
      return;
    }
    if (!event.repeat) pressed(event);
  }, { capture: true });
  // A press in a package's frame, told by `package.js`; `again` says that it followed another one there with nothing in between.
  document.addEventListener('package:shift', (event) => {
    if (!event.detail.again) count = 0;
    pressed(event);
  });
  // Shift and a click selects text; that is not a wish to leave.
  document.addEventListener('pointerdown', () => { count = 0; }, { capture: true });
}

// Back after leaving or signing out: what the browser kept of a personal page is blank, and is asked for again.
window.addEventListener('pagehide', (event) => {
  if (event.persisted && personal) cover();
});
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  if (personal || document.documentElement.hasAttribute('data-left')) {
    cover();
    window.location.reload();
  }
});
