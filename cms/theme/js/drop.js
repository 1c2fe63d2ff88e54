// A form that takes a file also takes one that is dropped on it, and sends it at once.
for (const form of document.querySelectorAll('[data-drop]')) {
  const input = form.querySelector('input[type=file]');
  form.querySelector('[data-drop-hint]').hidden = false;
  let depth = 0; // entering a child leaves its parent
  const over = (on) => form.classList.toggle('drop-over', on);
  const carriesFile = (event) => event.dataTransfer?.types.includes('Files');
  form.addEventListener('dragenter', (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    depth += 1;
    over(true);
  });
  form.addEventListener('dragover', (event) => {
    if (carriesFile(event)) event.preventDefault();
  });
  form.addEventListener('dragleave', () => {
    depth = Math.max(0, depth - 1);
    if (depth === 0) over(false);
  });
  form.addEventListener('drop', (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    depth = 0;
    over(false);
    input.files = event.dataTransfer.files;
    if (form.requestSubmit) form.requestSubmit();
    else form.submit();
  });
}
