// Sends what a package reported and where somebody is in it: statements one after the other and each until it arrived, of places
// only the latest. When the page is left, what is not sent yet goes along with requests that outlive it.
const SOON = 2_000; // milliseconds: places are told often, and only the last one counts
const ONCE_MORE = 5_000;
const OUTLIVES = 60_000; // bytes that browsers let a request carry that outlives its page

function newUuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

async function post(address, body, token) {
  const options = {
    method: 'POST',
    credentials: 'same-origin',
    redirect: 'manual', // to the sign-in page: the session is over
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token },
    body,
  };
  if (new Blob([body]).size < OUTLIVES) {
    try {
      return await fetch(address, { ...options, keepalive: true });
    } catch {
      // Together with others it was too much for one page; without keepalive it may still go.
    }
  }
  return fetch(address, options);
}

export class Sender {
  constructor({ statements, places, token, told, note }) {
    Object.assign(this, { addresses: { statements, places }, token, told, note });
    this.version = 0;
    this.revisions = {};
    this.queue = []; // statements as bodies
    this.pending = new Map(); // part → state
    this.lagging = false; // another tab is ahead: what is done here is not kept
    this.running = false;
    this.early = [];
  }

  start({ version, revisions }) {
    if (this.version) return; // told once
    this.version = version;
    this.revisions = { ...revisions };
    for (const statement of this.early.splice(0)) this.report(statement);
    this.schedule(SOON);
  }

  report(statement) {
    if (!this.addresses.statements) return; // a trainer tries it: nothing is kept
    if (!this.version) {
      if (this.early.length < 50) this.early.push(statement);
      return;
    }
    this.queue.push(`{"uuid":"${newUuid()}","version":${this.version},"statement":${statement}}`);
    this.run();
  }

  keep(part, state) {
    if (!this.addresses.places || this.lagging) return;
    this.pending.set(part, state);
    if (document.visibilityState === 'hidden') this.flush();
    else this.schedule(SOON);
  }

  schedule(wait) {
    if (!this.timer && this.version) this.timer = setTimeout(() => this.flush(), wait);
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = null;
    this.run();
  }

  async run() {
    if (this.running || !this.version) return;
    this.running = true;
    // Places first where the page is being left: an answer is asked for again, a place is not. Both to their end: a place that is
    // still under way must not be sent beside itself.
    const came = await Promise.allSettled([this.sendStatements(), this.sendPlaces()]);
    this.running = false;
    if (came.some(({ status }) => status === 'rejected')) this.note('unsent');
    if (this.queue.length || this.pending.size) this.schedule(ONCE_MORE);
  }

  async sendStatements() {
    while (this.queue.length) {
      const answer = await post(this.addresses.statements, this.queue[0], this.token());
      if (answer.status >= 500) throw new Error('not now');
      this.queue.shift();
      if (answer.status === 200) this.told(await answer.text());
      else if (answer.status !== 204) await this.refused(answer);
    }
  }

  async sendPlaces() {
    for (const [part, state] of [...this.pending]) {
      this.revisions[part] = (this.revisions[part] ?? 0) + 1;
      const body = JSON.stringify({ version: this.version, part, state, revision: this.revisions[part] });
      const answer = await post(this.addresses.places, body, this.token());
      if (answer.status >= 500) throw new Error('not now');
      if (this.pending.get(part) === state) this.pending.delete(part); // else there is a newer one meanwhile
      if (answer.status === 409) {
        this.lagging = true;
        this.pending.clear();
        await this.refused(answer, 'lagging');
        return;
      } else if (answer.status !== 204) {
        await this.refused(answer);
      }
    }
  }

  async refused(answer, note = 'refused') {
    // A redirect leads to the sign-in page; 403: another session since.
    if (answer.type === 'opaqueredirect' || answer.status === 403) {
      this.note('session');
      return;
    }
    const told = await answer.json().catch(() => ({}));
    this.note(note, typeof told.error === 'string' ? told.error : '');
  }
}
