// The ways to pause and to be called say where in the lesson somebody is, so that one tap leads back there.
// Without this they lead back to the top of the lesson.

const NAMED = '.lesson-body [id]';
const PLACE = /^[a-z]{1,12}(?:-[0-9]{1,18})?$/;

function placeNow() {
  let place = '';
  for (const each of document.querySelectorAll(NAMED)) {
    if (!PLACE.test(each.id)) continue;
    if (each.getBoundingClientRect().top > window.innerHeight / 2) break;
    place = each.id;
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
