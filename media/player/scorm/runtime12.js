// SCORM 1.2: what a part finds as `API`, and how what it says is read.
import { Scorm12API } from 'scorm-again/scorm12';
import { points } from './outcome.js';

const STATUS = { passed: 'passed', completed: 'completed', failed: 'failed' };
const BETWEEN = '[,]';

export const runtime = {
  name: 'API',
  events: { begun: 'LMSInitialize', said: 'LMSSetValue', committed: 'LMSCommit', ended: 'LMSFinish' },

  create(part, kept) {
    const api = new Scorm12API({ autocommit: false, mastery_override: false, logLevel: 5 });
    const cmi = kept?.cmi ?? {};
    api.loadFromJSON({
      ...cmi,
      core: { ...cmi.core, student_id: 'deelnemer', student_name: 'Deelnemer', credit: 'credit', lesson_mode: 'normal', entry: kept ? 'resume' : 'ab-initio', exit: '' },
      launch_data: part.launch_data,
      student_data: {
        mastery_score: part.mastery === null ? '' : String(part.mastery),
        max_time_allowed: part.time_limit,
        time_limit_action: part.at_time_limit,
      },
    }, 'cmi');
    return api;
  },

  kept(api) {
    const { cmi } = api.renderCMIToJSONObject();
    cmi.core.total_time = api.cmi.getCurrentTotalTime();
    delete cmi.core.session_time;
    return cmi;
  },

  // The standard leaves a part that is opened again where it was.
  startsAnew: () => false,

  outcome(cmi) {
    const { raw, max } = cmi.core.score;
    return { status: STATUS[cmi.core.lesson_status] ?? 'begun', score: points(raw, max) };
  },

  questions(cmi) {
    return Object.values(cmi.interactions ?? {}).filter((each) => each?.id).map((each) => ({
      id: each.id,
      type: each.type,
      words: '',
      response: pattern(each.type, each.student_response),
      rights: Object.values(each.correct_responses ?? {}).map((one) => pattern(each.type, one?.pattern)),
      right: each.result === 'correct' ? true : each.result === 'wrong' ? false : null,
    }));
  },
};

// From "a,b" and "1.a,2.b" to how later standards write them.
function pattern(type, text) {
  const plain = String(text ?? '').replace(/^\{|\}$/g, '');
  if (type === 'true-false') return /^[t1]/i.test(plain) ? 'true' : /^[f0]/i.test(plain) ? 'false' : plain;
  if (type === 'matching') return plain.split(',').map((pair) => pair.replace('.', '[.]')).join(BETWEEN);
  return type === 'choice' || type === 'sequencing' ? plain.split(',').join(BETWEEN) : plain;
}
