// Runs in the sandbox before H5P's core. A sandbox has no storage and no cookies, and asking for them throws: here they are, empty,
// in memory. What could reach out past the content security policy is taken away. A package runs after this file and may replace
// anything it finds: what is needed later is taken along here, and nothing is looked up again.
(function () {
  'use strict';

  const { apply } = Reflect;
  const gone = { value: undefined, configurable: false, writable: false };

  // --- The way out ----------------------------------------------------------------------------------------------------
  // Three times Shift leaves the page, also from in here: each press is told to the page around, and no other key is. A package
  // cannot come before this listener.
  const page = window.parent;
  const [key, repeat, ctrl, alt, meta] = ['key', 'repeat', 'ctrlKey', 'altKey', 'metaKey']
    .map((name) => Object.getOwnPropertyDescriptor(KeyboardEvent.prototype, name).get);
  let again = false; // with nothing between this press and the one before
  window.addEventListener('keydown', (event) => {
    if (apply(key, event, []) !== 'Shift' || apply(ctrl, event, []) || apply(alt, event, []) || apply(meta, event, [])) {
      again = false;
    } else if (!apply(repeat, event, [])) {
      page.postMessage({ context: 'leerhuis', kind: 'shift', again }, '*');
      again = true;
    }
  }, { capture: true });
  window.addEventListener('pointerdown', () => { again = false; }, { capture: true });

  // --- What core needs ------------------------------------------------------------------------------------------------
  function storage() {
    const kept = new Map();
    const methods = {
      getItem: (key) => (kept.has(String(key)) ? kept.get(String(key)) : null),
      setItem: (key, value) => { kept.set(String(key), String(value)); },
      removeItem: (key) => { kept.delete(String(key)); },
      clear: () => kept.clear(),
      key: (index) => [...kept.keys()][index] ?? null,
    };
    return new Proxy(methods, {
      get: (target, name) => {
        if (name === 'length') return kept.size;
        return name in target ? target[name] : kept.get(String(name));
      },
      set: (target, name, value) => { kept.set(String(name), String(value)); return true; },
      deleteProperty: (target, name) => { kept.delete(String(name)); return true; },
    });
  }

  for (const name of ['localStorage', 'sessionStorage']) {
    Object.defineProperty(window, name, { value: storage(), configurable: false });
  }
  Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {}, configurable: false });

  // A sandbox sends no forms, and does not even tell that one was to be sent; content types that listen for it are told here.
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('button, input[type="submit"], input[type="image"]');
    const form = button?.form;
    if (!form || event.defaultPrevented || !['submit', 'image'].includes(button.type)) return;
    event.preventDefault();
    if (!form.noValidate && !form.reportValidity()) return;
    form.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true, submitter: button }));
  });

  // --- What no policy holds back --------------------------------------------------------------------------------------
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCDataChannel', 'RTCIceTransport', 'WebTransport']) {
    Object.defineProperty(window, name, gone);
  }

  // A frame within would be a window without this file, so there is none; nor is there what a browser makes ready beforehand,
  // because a name looked up or a connection opened tells that somebody is here. Elements are seen wherever they are put in:
  // roots that are not made by script, and so not watched, cannot be made at all.
  const UNWANTED = [
    ...['dns-prefetch', 'preconnect', 'prefetch', 'prerender'].map((rel) => `link[rel~="${rel}" i]`),
    ...['iframe', 'frame', 'frameset', 'object', 'embed', 'portal', 'fencedframe'],
  ].join(', ');
  const Observer = window.MutationObserver;
  const { observe } = Observer.prototype;
  const { remove, attachShadow } = Element.prototype;
  const inDocument = Document.prototype.querySelector;
  const inRoot = DocumentFragment.prototype.querySelector;

  function watch(root, find) {
    const sweep = () => {
      for (let last = null, found; (found = apply(find, root, [UNWANTED])) && found !== last; last = found) {
        apply(remove, found, []);
      }
    };
    apply(observe, new Observer(sweep), [
      root,
      { childList: true, subtree: true, attributes: true, attributeFilter: ['rel', 'href', 'src', 'srcdoc'] },
    ]);
  }

  watch(document, inDocument);
  Element.prototype.attachShadow = function (options) {
    // A copy of a root would be made without us.
    const root = apply(attachShadow, this, [{ ...options, clonable: false }]);
    watch(root, inRoot);
    return root;
  };
  for (const { prototype } of [Document, Element, ShadowRoot]) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      if (/Unsafe$|^write(ln)?$/.test(name)) Object.defineProperty(prototype, name, gone);
    }
  }
  for (const name of Object.getOwnPropertyNames(Document)) {
    if (/Unsafe$/.test(name)) Object.defineProperty(Document, name, gone);
  }

  window.H5PIntegration = JSON.parse(document.getElementById('h5p-integration').textContent);
}());
