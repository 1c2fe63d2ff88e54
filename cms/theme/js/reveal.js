// A button beside a password field that shows what is typed. Typing a password unseen on a phone is hard for many.
// The words come from data attributes; before sending the field is a password again, so that no browser keeps it as text.

for (const holder of document.querySelectorAll('[data-reveal]')) {
  const input = holder.querySelector('input[type="password"]');
  if (!input) continue;
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = holder.dataset.show;
  button.setAttribute('aria-pressed', 'false');
  button.setAttribute('aria-label', holder.dataset.label);
  const set = (shown) => {
    input.type = shown ? 'text' : 'password';
    button.textContent = shown ? holder.dataset.hide : holder.dataset.show;
    button.setAttribute('aria-pressed', String(shown));
  };
  button.addEventListener('click', () => set(input.type === 'password'));
  input.form?.addEventListener('submit', () => set(false));
  holder.classList.add('reveal');
  holder.append(button);
}
