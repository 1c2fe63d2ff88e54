// What a frame may say, and how much of it. Anything else is not heard; a frame that keeps on is stopped.
export const TOO_LARGE = Symbol('too large');

const LONGEST_STATE = 500_000; // characters
const LONGEST_STATEMENT = 60_000;
const LONGEST_PART = 100;
const MOST_PARTS = 60;
const MOST = 1500; // messages in a window of time: a drag across a page makes a frame talk of its height all the while
const WINDOW = 10_000; // milliseconds
const MOST_BAD = 40;
const MOST_STATEMENTS = 400; // in a window of a minute

const isText = (value, longest) => typeof value === 'string' && value.length <= longest;
const isHeight = (value) => Number.isFinite(value) && value >= 0 && value < 1e6;
const isNumber = (value) => Number.isSafeInteger(value) && value >= 0;
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

// What the document was made for; the server looks at it again.
function isTold(told) {
  return isObject(told)
    && isNumber(told.version)
    && isObject(told.revisions)
    && Object.keys(told.revisions).length <= MOST_PARTS
    && Object.entries(told.revisions).every(([part, revision]) => isText(part, LONGEST_PART) && isNumber(revision));
}

function jsonOf(value) {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

const OURS = {
  ready: ({ told }) => (isTold(told) ? { kind: 'ready', told } : null),
  failed: ({ reason }) => ({ kind: 'failed', broken: reason === 'script' }),
  hello: () => ({ kind: 'begin' }),
  shift: ({ again }) => (typeof again === 'boolean' ? { kind: 'shift', again } : null),
  height: ({ pixels }) => (isHeight(pixels) ? { kind: 'height', pixels } : null),
  state: ({ part, state }) => {
    if (!isText(part, LONGEST_PART) || typeof state !== 'string') return null;
    return state.length > LONGEST_STATE ? TOO_LARGE : { kind: 'state', part, state };
  },
  statement: ({ statement }) => {
    const json = isObject(statement) ? jsonOf(statement) : undefined;
    if (json === undefined) return null;
    return json.length > LONGEST_STATEMENT ? TOO_LARGE : { kind: 'statement', statement: json };
  },
};

const CORES = {
  hello: () => ({ kind: 'hello' }),
  prepareResize: ({ scrollHeight, clientHeight }) => (
    isHeight(scrollHeight) && isHeight(clientHeight) ? { kind: 'prepareResize', scrollHeight, clientHeight } : null
  ),
  resize: ({ scrollHeight }) => (isHeight(scrollHeight) ? { kind: 'resize', scrollHeight } : null),
};

// The message as it is acted upon, made anew from what fits; null for what is none.
export function accepted(data) {
  if (!isObject(data)) return null;
  if (data.context === 'leerhuis' && Object.hasOwn(OURS, data.kind)) return OURS[data.kind](data);
  if (data.context === 'h5p' && Object.hasOwn(CORES, data.action)) return CORES[data.action](data);
  return null;
}

export class Limits {
  constructor(origin) {
    this.origin = origin; // of whom is heard
    this.times = [];
    this.statements = [];
    this.bad = 0;
  }

  // 'fits', 'bad' (not heard), or 'stop'.
  count(data, origin) {
    const now = performance.now();
    this.times = this.times.filter((time) => now - time < WINDOW);
    this.times.push(now);
    if (this.times.length > MOST) return 'stop';
    if (origin === 'null' && this.origin === 'null' && isObject(data) && data.context === 'h5p') return 'fits'; // core says more than we answer
    const message = origin === this.origin ? accepted(data) : null;
    if (message?.kind === 'statement') {
      this.statements = this.statements.filter((time) => now - time < 6 * WINDOW);
      this.statements.push(now);
      if (this.statements.length > MOST_STATEMENTS) return 'stop';
    }
    if (message && message !== TOO_LARGE) return 'fits';
    this.bad += 1;
    if (this.bad > MOST_BAD) return 'stop';
    return message === TOO_LARGE ? 'fits' : 'bad';
  }
}
