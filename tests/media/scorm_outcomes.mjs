// Prints what the players make of what packages say: one line of JSON per case on standard input.
import { createInterface } from 'node:readline';
import { runtime as twelve } from '../../media/player/scorm/runtime12.js';
import { runtime as fourth } from '../../media/player/scorm/runtime2004.js';
import { wholeOf } from '../../media/player/scorm/outcome.js';

const part = { launch_data: '', mastery: null, scaled_passing: null, completion_threshold: null, time_limit: '', at_time_limit: '' };

function played(runtime, said, kept, asks) {
  const [begin, set, end] = runtime === twelve ? ['LMSInitialize', 'LMSSetValue', 'LMSFinish'] : ['Initialize', 'SetValue', 'Terminate'];
  const api = runtime.create({ ...part, ...asks }, kept);
  api[begin]('');
  for (const [name, value] of said) api[set](name, value);
  api[end]('');
  const cmi = runtime.kept(api);
  return { cmi, ...runtime.outcome(cmi) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { edition, said = [], again, asks = {}, parts } = JSON.parse(line);
  const runtime = edition === '1.2' ? twelve : fourth;
  let told;
  if (parts) {
    told = wholeOf(parts);
  } else {
    const record = played(runtime, said, null, asks);
    const next = again && runtime.create({ ...part, ...asks }, record);
    if (next) {
      next[edition === '1.2' ? 'LMSInitialize' : 'Initialize']('');
      told = again.map((name) => next[edition === '1.2' ? 'LMSGetValue' : 'GetValue'](name));
    } else {
      told = { status: record.status, score: record.score, questions: runtime.questions(record.cmi) };
    }
  }
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
