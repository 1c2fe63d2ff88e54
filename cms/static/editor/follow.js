// A page that says how far something is: asked for anew until it has ended. Without a script there is a link for it.

const EVERY = 1500; // milliseconds
const PATIENCE = 10; // times in a row that the answer may stay away

async function look(missed = 0) {
  const here = document.querySelector('[data-follow]');
  if (!here || here.dataset.follow === 'ended' || missed > PATIENCE) return;
  let next = missed + 1;
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
    if (answer.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const there = page.querySelector('[data-follow]');
      if (there) {
        next = 0;
        // Told to a screen reader only when it has changed.
        if (there.innerHTML !== here.innerHTML) here.replaceChildren(...there.childNodes);
        here.dataset.follow = there.dataset.follow;
      }
    }
  } catch {
    // No network for a moment: asked again.
  }
  setTimeout(look, EVERY, next);
}

setTimeout(look, EVERY);
