// Runs in the sandbox after H5P's core and before the libraries. Tells the page around what happens here; the page decides what of it
// it believes. A package may say the same things: nothing that is said here is trusted anywhere.
(function () {
  'use strict';

  const settings = JSON.parse(document.getElementById('bridge-settings').textContent);
  const CONTENT = 1;
  const SETTLED = 700; // milliseconds after the last touch until the state is asked for

  function tell(kind, more) {
    try {
      window.parent.postMessage({ context: 'leerhuis', kind, ...more }, '*');
    } catch {
      // What cannot be copied (a function in a statement) cannot be told; the statement goes as text of JSON then.
      window.parent.postMessage(JSON.parse(JSON.stringify({ context: 'leerhuis', kind, ...more })), '*');
    }
  }

  // Core's own versions ask a server, which a sandbox cannot.
  function states() {
    const content = window.H5PIntegration.contents[`cid-${CONTENT}`];
    content.contentUserData = content.contentUserData || {};
    return content.contentUserData;
  }

  function partOf(subContentId, kind) {
    const part = String(subContentId || 0);
    return kind === 'state' ? part : `${part}:${kind}`;
  }

  window.H5P.getUserData = function (contentId, kind, done, subContentId) {
    const known = states()[subContentId || 0];
    if (!known || known[kind] === undefined) {
      done(undefined, undefined);
      return;
    }
    let value;
    try {
      value = JSON.parse(known[kind]);
    } catch (error) {
      done(error);
      return;
    }
    done(undefined, value);
  };

  window.H5P.setUserData = function (contentId, kind, value, options) {
    const part = (options && options.subContentId) || 0;
    let text;
    try {
      text = JSON.stringify(value);
    } catch (error) {
      options?.errorCallback?.(error);
      return;
    }
    if (text === undefined) return;
    const known = states();
    known[part] = known[part] || {};
    if (known[part][kind] === text) return;
    known[part][kind] = text;
    tell('state', { part: partOf(part, kind), state: text });
  };

  window.H5P.deleteUserData = function (contentId, kind, subContentId) {
    const known = states()[subContentId || 0];
    if (known) delete known[kind];
    tell('state', { part: partOf(subContentId, kind), state: 'null' });
  };

  // Scores come with the statements.
  window.H5P.setFinished = function () {};

  // A set of questions tells of its parts only when it is asked, once the whole is finished; others let each part tell by itself,
  // which is then not said twice. The server counts nothing that names a parent.
  const FINISHED = /\/(answered|completed)$/;
  const ASKED_FOR = 'https://w3id.org/xapi/leerhuis/asked-for'; // marks these: nobody need have answered just now
  const SUB_CONTENT = 'http://h5p.org/x-api/h5p-subContentId';
  const said = new Map(); // id of a part → what it told

  const answerOf = ({ object, result }) => JSON.stringify([object.definition?.description, result?.response, result?.score]);
  const parentsOf = ({ context }) => context?.contextActivities?.parent ?? [];
  const isPart = (statement) => parentsOf(statement).length > 0 || Boolean(statement.object?.definition?.extensions?.[SUB_CONTENT]);

  function partsOf(data) {
    return (data?.children ?? []).flatMap((part) => [...(part?.statement?.object ? [part.statement] : []), ...partsOf(part)]);
  }

  function askedFor(part, whole) {
    const { context = {} } = part;
    const parent = parentsOf(part).length ? parentsOf(part) : [{ objectType: 'Activity', id: whole.object?.id }];
    const extensions = { ...context.extensions, [ASKED_FOR]: true };
    return { ...part, context: { ...context, extensions, contextActivities: { ...context.contextActivities, parent } } };
  }

  function tellParts(whole) {
    let parts;
    try {
      parts = partsOf(window.H5P.instances[0].getXAPIData()).filter((part) => said.get(part.object.id) !== answerOf(part));
    } catch {
      return; // a content type that cannot be asked
    }
    for (const part of parts) tell('statement', { statement: askedFor(part, whole) });
    said.clear();
  }

  window.H5P.externalDispatcher.on('xAPI', ({ data: { statement } }) => {
    if (isPart(statement)) said.set(statement.object.id, answerOf(statement));
    else if (FINISHED.test(statement.verb?.id)) tellParts(statement);
    tell('statement', { statement });
  });

  function askForState() {
    for (const instance of window.H5P.instances) {
      if (typeof instance.getCurrentState !== 'function') continue;
      let state;
      try {
        state = instance.getCurrentState();
      } catch {
        continue; // a content type that is not ready yet
      }
      if (state !== undefined) window.H5P.setUserData(CONTENT, 'state', state);
    }
  }

  // The page around is told soon after every touch: when it is left, there is no time to ask here any more.
  let settled = 0;
  function soon() {
    clearTimeout(settled);
    settled = setTimeout(askForState, SETTLED);
  }
  for (const name of ['pointerup', 'keyup', 'change', 'drop']) document.addEventListener(name, soon, { capture: true, passive: true });
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') askForState(); });
  window.addEventListener('message', (event) => {
    if (event.source === window.parent && event.data?.context === 'leerhuis' && event.data.kind === 'flush') askForState();
  });

  // Why nothing started: a file that did not come may come the next time; what breaks, or may not be done here, will again.
  let [lost, barred] = [false, false];
  window.addEventListener('error', ({ target }) => { lost = lost || ['SCRIPT', 'LINK'].includes(target.nodeName); }, true);
  document.addEventListener('securitypolicyviolation', (event) => { barred = barred || event.effectiveDirective.startsWith('script-src'); });

  window.addEventListener('load', () => {
    // After core's own start, which waits for the document.
    setTimeout(() => {
      if (window.H5P.instances.length) tell('ready', { told: settings.told });
      else tell('failed', { reason: lost && !barred ? 'file' : 'script' });
    }, 0);
  });
}());
