// What htmx leaves to us: where focus goes after a swap, what a screen reader hears, and a kind line when sending fails.
// The sentences come from data attributes on <body>; the typed answer stays, because nothing is swapped.

const live = document.querySelector('[data-live]');

// A sentence for who listens instead of looks.
export function announce(text) {
  if (!live || !text) return;
  live.textContent = '';
  // A new text in the next frame is read even when it equals the one before.
  requestAnimationFrame(() => { live.textContent = text.trim().replace(/\s+/g, ' '); });
}

function find(root, selector) {
  return root.matches?.(selector) ? root : root.querySelector?.(selector);
}

function isPolling(event) {
  // A poll (hx-trigger="every 2s") has no event of a person behind it: never take focus away for it.
  return !event.detail.requestConfig?.triggeringEvent;
}

document.body.addEventListener('htmx:afterSettle', (event) => {
  const root = event.detail.elt;
  if (!(root instanceof Element) || !root.isConnected) return;
  const spoken = find(root, '[data-announce]');
  if (spoken) announce(spoken.dataset.announce || spoken.textContent);
  if (isPolling(event)) return;
  const target = find(root, '[data-focus]');
  if (!target) return;
  if (!spoken) announce(find(target, '.feedback-mark')?.textContent ?? '');
  if (target.tabIndex < 0 && !target.hasAttribute('tabindex')) target.setAttribute('tabindex', '-1');
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: 'nearest' });
});

function place(element) {
  return element.closest('.activity, [data-errors-here]') ?? element.closest('form') ?? element;
}

function showError(element, text) {
  const box = place(element);
  let line = box.querySelector(':scope > .send-error');
  if (!line) {
    line = document.createElement('p');
    line.className = 'send-error';
    line.setAttribute('role', 'alert');
    box.append(line);
  }
  line.textContent = text;
}

function sentence(element, kind) {
  const holder = element.closest(`[data-error-${kind}]`) ?? document.body;
  return holder.getAttribute(`data-error-${kind}`) ?? '';
}

document.body.addEventListener('htmx:beforeRequest', (event) => {
  place(event.detail.elt).querySelector(':scope > .send-error')?.remove();
});

// Signing in again, in another tab, makes this page's tokens stale. Ask for the page anew and take its token over, but
// only where the same person is signed in: nobody's text may land with somebody else.
async function renewTokens() {
  const answer = await fetch(window.location.href, { credentials: 'same-origin', cache: 'no-store' });
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const token = fresh.querySelector('input[name=csrfmiddlewaretoken]')?.value;
  if (!answer.ok || !token || fresh.body.dataset.personal !== document.body.dataset.personal) return false;
  for (const input of document.querySelectorAll('input[name=csrfmiddlewaretoken]')) input.value = token;
  return true;
}

const renewed = new WeakSet(); // forms that were sent once more: a second refusal is told, not tried again

async function sendOnceMore(form, button) {
  renewed.add(form);
  if (await renewTokens().catch(() => false)) form.requestSubmit(button);
  else refused(form);
}

function refused(form) {
  renewed.delete(form);
  showError(form, sentence(form, 'session'));
}

document.body.addEventListener('htmx:beforeSwap', (event) => {
  // A whole page in place of a part: the session is over and the sign-in page came along a redirect.
  const { xhr, elt, target, boosted } = event.detail;
  if (boosted || target === document.body) return;
  if (!/^\s*<!doctype html/i.test(xhr.responseText)) return;
  event.detail.shouldSwap = false;
  event.detail.isError = false;
  if (xhr.status === 403 && elt instanceof HTMLFormElement && !renewed.has(elt)) {
    sendOnceMore(elt, event.detail.requestConfig?.triggeringEvent?.submitter);
  } else if (xhr.status < 400 || xhr.status === 403) {
    refused(elt);
  } else {
    showError(elt, sentence(elt, 'response'));
  }
});

document.body.addEventListener('htmx:responseError', (event) => {
  const { xhr, elt } = event.detail;
  showError(elt, sentence(elt, [401, 403].includes(xhr.status) ? 'session' : 'response'));
});

for (const name of ['htmx:sendError', 'htmx:timeout']) {
  document.body.addEventListener(name, (event) => {
    showError(event.detail.elt, sentence(event.detail.elt, 'send'));
  });
}
