// Wagtail stops asking about unsaved changes once its form is sent. Looking in another window keeps nothing: ask again.

document.addEventListener('submit', (event) => {
  if (event.submitter?.formTarget !== '_blank') return;
  event.target.setAttribute('data-w-unsaved-confirmation-value', 'true');
});
