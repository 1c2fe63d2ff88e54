// What a SCORM package tries beside `hostile.js`: it has an origin, so it goes for those of the site and of another package.
// Each resolves to true where it got what it must not get. `told` is what the test knows and a package could guess.
(function () {
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const within = (promise, ms = 700) => Promise.race([promise, wait(ms).then(() => { throw new Error('late'); })]);
  const heard = [];
  window.addEventListener('message', (event) => heard.push(JSON.stringify(event.data)));

  function loads(name, values) {
    const made = document.createElement(name);
    return within(new Promise((done) => {
      made.onload = () => done(true);
      made.onerror = () => done(false);
      for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
      document.body.append(made);
    }));
  }
  const others = () => Array.from({ length: window.top.frames.length }, (_none, place) => window.top.frames[place])
    .filter((frame) => frame !== window.parent);
  const any = (reads) => others().some((frame) => { try { return reads(frame); } catch { return false; } });

  // Whether it got there the test sees by what was answered; a frame of another origin tells nothing.
  async function framed(address) {
    const frame = document.createElement('iframe');
    frame.src = address;
    document.body.append(frame);
    await wait(500);
    frame.remove();
    return false;
  }

  const tries = {
    'a cookie for all hosts': ({ domain }) => { document.cookie = `planted=1; domain=${domain}`; return document.cookie.includes('planted'); },
    'a cookie for all hosts by its store': async ({ domain }) => {
      await within(window.cookieStore.set({ name: 'planted', value: '1', domain }));
      return (await window.cookieStore.getAll()).some(({ name }) => name === 'planted');
    },
    'storage of the site': () => Boolean(window.top.localStorage.length + 1),
    'storage of another package': () => any((frame) => frame.localStorage),
    'storage that another package left': () => Object.keys(localStorage).includes('secret') || Object.keys(sessionStorage).includes('secret'),
    'databases that another package left': async () => (await within(indexedDB.databases())).some(({ name }) => name === 'secret'),
    'caches that another package left': async () => (await within(caches.keys())).includes('secret'),
    'document of the site': () => Boolean(window.top.document.body),
    'address of the site': () => Boolean(window.top.location.href),
    'name of the site': () => typeof window.top.name === 'string',
    'document of another package': () => any((frame) => frame.document.body),
    'address of another package': () => any((frame) => frame.location.href),
    'runtime of another package': () => any((frame) => frame.API || frame.API_1484_11),
    'pages of another package': () => any((frame) => frame.frames[0].document.body),
    'navigate another package': async () => { others().forEach((frame) => { frame.location.href = 'about:blank#taken'; }); await wait(300); return false; },
    'navigate the pages of another package': async () => { others().forEach((frame) => { frame.frames[0].location = 'about:blank#taken'; }); await wait(300); return false; },
    'navigate the site': async () => { window.top.location.href = 'about:blank#taken'; await wait(300); return false; },
    'hear another package or the site': async () => { await wait(800); return heard.some((data) => data.includes('secret') || data.includes('cmi')); },
    'hear their channel': () => within(new Promise((done) => { new BroadcastChannel('leerhuis').onmessage = () => done(true); })),
    'become one origin by domain': ({ domain }) => { document.domain = domain; return document.domain === domain; },
    'service worker for the host': () => within(navigator.serviceWorker.register('worker.js', { scope: '/' })).then(() => true),
    'service worker for the package': () => within(navigator.serviceWorker.register('worker.js')).then(() => true),
    'service worker by the player': () => within(window.parent.navigator.serviceWorker.register(new URL('worker.js', location.href))).then(() => true),
    'worker of the player': ({ site }) => within(new Promise((done) => { new window.parent.Worker(`${site}/static/leerhuis/leerhuis.js`).onmessage = () => done(true); })),
    'read the site': async ({ site }) => (await fetch(`${site}/leerplek/`, { credentials: 'include' })).ok,
    'ask the site without reading': async ({ site }) => Boolean(await fetch(`${site}/leerplek/`, { credentials: 'include', mode: 'no-cors' })),
    'ask the site by the player': async ({ site }) => Boolean(await window.parent.fetch(`${site}/leerplek/`, { credentials: 'include', mode: 'no-cors' })),
    'post to the site': async ({ site }) => Boolean(await fetch(`${site}/weg/`, { method: 'POST', credentials: 'include', mode: 'no-cors' })),
    'beacon to the site': ({ site }) => { navigator.sendBeacon(`${site}/weg/`, 'x'); return false; }, // the test looks whether it arrived
    'picture of the site': ({ site }) => loads('img', { src: `${site}/static/leerhuis/favicon.svg` }),
    'script of the site': ({ site }) => loads('script', { src: `${site}/static/leerhuis/leerhuis.js` }),
    'frame the site': ({ site }) => framed(`${site}/leerplek/`),
    'form to the site': async ({ site }) => {
      const form = document.createElement('form');
      Object.assign(form, { action: `${site}/weg/`, method: 'post' });
      document.body.append(form);
      form.submit();
      await wait(300);
      return false;
    },
    'read a file of another package': async ({ victim }) => (await fetch(`${victim}index.html`)).ok,
    'ask for a file of another package': async ({ victim }) => Boolean(await fetch(`${victim}index.html`, { mode: 'no-cors' })),
    'frame another package': ({ victim }) => framed(`${victim}index.html`),
    'frame the player of another package': ({ victim }) => framed(`${victim}speel/nl/`),
    'picture of another package': ({ victim }) => loads('link', { rel: 'stylesheet', href: `${victim}les.css` }),
    'addresses of the site on its own host': async () => (await fetch('/leerplek/')).status !== 404,
    'static files of the site on its own host': async () => (await fetch('/static/leerhuis/leerhuis.js')).ok,
    'files of another package on its own host': async ({ victim }) => (await fetch(new URL(victim).pathname + 'index.html')).ok,
  };

  // What the page hears of them: the test sees in the record that nothing came of it.
  const forge = {
    'to the site': (message) => window.top.postMessage(message, '*'),
    'to another package': (message) => others().forEach((frame) => frame.postMessage(message, '*')),
    'to the pages of another package': (message) => others().forEach((frame) => frame.frames[0].postMessage(message, '*')),
  };

  const tried = (does) => new Promise((done) => {
    setTimeout(async () => {
      try {
        done((await does()) === true);
      } catch {
        done(false);
      }
    }, 0);
  });
  window.scorm = {
    names: () => Object.keys(tries),
    attempt: (name, told) => tried(() => tries[name](told)),
    forge: (message) => { for (const send of Object.values(forge)) { try { send(message); } catch { /* not even that */ } } },
  };
}());
