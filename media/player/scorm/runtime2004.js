// SCORM 2004: what a part finds as `API_1484_11`, and how what it says is read.
import { Scorm2004API } from 'scorm-again/scorm2004';
import { isFinished, points } from './outcome.js';

const WHOLE = 100;
const text = (number) => (number === null ? '' : String(number));

export const runtime = {
  name: 'API_1484_11',
  events: { begun: 'Initialize', said: 'SetValue', committed: 'Commit', ended: 'Terminate' },

  create(part, kept) {
    const api = new Scorm2004API({ autocommit: false, logLevel: 5 });
    api.loadFromJSON({
      ...kept?.cmi,
      learner_id: 'deelnemer',
      learner_name: 'Deelnemer',
      credit: 'credit',
      mode: 'normal',
      entry: kept ? 'resume' : 'ab-initio',
      exit: '',
      launch_data: part.launch_data,
      scaled_passing_score: text(part.scaled_passing),
      completion_threshold: text(part.completion_threshold),
      max_time_allowed: part.time_limit,
    }, 'cmi');
    return api;
  },

  kept(api) {
    const { cmi } = api.renderCMIToJSONObject();
    cmi.total_time = api.cmi.getCurrentTotalTime();
    delete cmi.session_time;
    return cmi;
  },

  // Ended and not suspended: the next time is another attempt.
  startsAnew: (record) => record.ended && record.cmi.exit !== 'suspend' && isFinished(record.status),

  outcome(cmi) {
    const { scaled, raw, min, max } = cmi.score;
    const least = Number(min) || 0;
    return {
      status: status(cmi.completion_status, cmi.success_status),
      score: scaled === '' ? points(raw === '' ? '' : raw - least, max === '' ? '' : max - least) : points(scaled * WHOLE, WHOLE),
    };
  },

  questions(cmi) {
    return Object.values(cmi.interactions ?? {}).filter((each) => each?.id).map((each) => ({
      id: each.id,
      type: each.type,
      words: each.description,
      response: each.learner_response,
      rights: Object.values(each.correct_responses ?? {}).map((one) => one?.pattern),
      right: each.result === 'correct' ? true : each.result === 'incorrect' ? false : null,
    }));
  },
};

// Passed or failed half-way is not the end; where nothing is said of the way, it is.
function status(completion, success) {
  const known = success === 'passed' || success === 'failed';
  if (completion === 'completed') return known ? success : 'completed';
  return known && completion !== 'incomplete' ? success : 'begun';
}
