// After a form came back with errors: go to the summary on top of it, where the links to the fields are.
document.querySelector('[data-form-errors]')?.focus();
