// The ways to pause and to be called say where in the lesson somebody is, so that one tap leads back there.
// Without this they lead back to the top of the lesson.

const NAMED = '.lesson-body [id]';
// What is read has no name on the server: it is counted here, the same each time. Activities change as they are answered and
// have names of their own; what stands folded away is nobody's place.
const READ = '.lesson-text :is(h2, h3, h4, p, li, figure, details):not(.activity *, details *)';
const PLACE = /^[a-z]{1,12}(?:-[0-9]{1,18})?$/;

for (const [number, each] of document.querySelectorAll(READ).entries()) each.id ||= `alinea-${number + 1}`;

// The browser looked for the place before it had a name. Who comes by reload or Back stands where they were anyhow.
const [arrival] = performance.getEntriesByType('navigation');
if (window.location.hash.startsWith('#alinea-') && arrival?.type === 'navigate') {
  window.location.replace(window.location.hash);
}

// What begins nearest to the upper edge: coming back, the browser puts it there.
function placeNow() {
  const edge = Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
  let place = '';
  let nearest = Infinity;
  for (const each of document.querySelectorAll(NAMED)) {
    if (!PLACE.test(each.id) || each.getClientRects().length === 0) continue;
    const distance = Math.abs(each.getBoundingClientRect().top - edge);
    if (distance < nearest) [place, nearest] = [each.id, distance];
  }
  return place;
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-keep-place]');
  const place = link && placeNow();
  if (!place) return;
  const address = new URL(link.href);
  address.searchParams.set('plek', place);
  link.href = address;
});
