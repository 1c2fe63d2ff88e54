// Prints which places arrive on a bad connection: one line of JSON per case on standard input.
import { createInterface } from 'node:readline';
import { Sender } from '../../cms/theme/js/package_sender.js';

globalThis.document = { visibilityState: 'visible' };
const lines = [];
for await (const line of createInterface({ input: process.stdin })) lines.push(JSON.parse(line));

for (const { places, meanwhile = [], answers, rounds } of lines) {
  const [arrived, notes] = [[], []];
  const sender = new Sender({ statements: '/melding/', places: '/stand/', token: () => '', told() {}, note: (name) => notes.push(name) });
  globalThis.fetch = async (address, { body, keepalive }) => {
    for (const [part, state] of meanwhile.splice(0)) sender.keep(part, state);
    if (keepalive && answers[0] === 'lost') throw new TypeError('lost'); // it is tried without at once
    const status = answers.shift() ?? 204;
    if (status === 'lost') throw new TypeError('lost');
    const { part, state, revision } = JSON.parse(body);
    if (status === 204) arrived.push([part, state, revision]);
    return { status, json: async () => ({}) };
  };
  sender.start({ version: 1, revisions: {} });
  for (const [part, state] of places) sender.keep(part, state);
  for (let round = 0; round < rounds; round += 1) await sender.run();
  process.stdout.write(`${JSON.stringify({ arrived, notes })}\n`);
}
process.exit();
