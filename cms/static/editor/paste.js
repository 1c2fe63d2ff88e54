// Pasting from Word into a text of a lesson. The editor knows headings 2 and 3 and drops the others to plain text, and it
// makes an empty paragraph of what Word writes before the text. Both are mended in what is pasted, before it gets there.

const LEVELS = { h1: 'h2', h4: 'h3', h5: 'h3', h6: 'h3' };
const mended = new WeakSet();

function mend(html) {
  const text = html.match(/<!--StartFragment-->([\s\S]*)<!--EndFragment-->/)?.[1] ?? html;
  return text
    .trim()
    .replace(/<(\/?)(h[1456])(?=[\s>])/gi, (_tag, slash, level) => `<${slash}${LEVELS[level.toLowerCase()]}`);
}

document.addEventListener('paste', (event) => {
  const html = event.clipboardData?.getData('text/html') ?? '';
  // What the editor copied itself is its own and stays as it is.
  if (mended.has(event) || !/class="?Mso|urn:schemas-microsoft-com/i.test(html)) return;
  if (!event.target.closest?.('.public-DraftEditor-content')) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/html', mend(html));
  clipboardData.setData('text/plain', event.clipboardData.getData('text/plain'));
  const again = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
  mended.add(again);
  event.target.dispatchEvent(again);
}, { capture: true });
