// What a package did, as statements in the words of xAPI: the server takes one kind of report, whatever made it.
const VERBS = 'http://adlnet.gov/expapi/verbs/';
const PART = 'http://h5p.org/x-api/h5p-subContentId';
const LONGEST_NAME = 90;
const MOST_TOLD = 4000;

const short = (text) => String(text ?? '').slice(0, MOST_TOLD);
// Names that the server keeps are plain characters.
const named = (text) => String(text).replace(/[^\x21-\x7e]/g, '_').slice(0, LONGEST_NAME);

function statement(verb, { part = '', definition = {}, result = null } = {}) {
  const made = { verb: { id: VERBS + verb }, object: { objectType: 'Activity', definition } };
  if (part) {
    definition.extensions = { [PART]: named(part) };
    made.context = { contextActivities: { parent: [{ objectType: 'Activity' }] } };
  }
  if (result) made.result = result;
  return made;
}

export const begun = () => statement('attempted');

export function finished({ status, score }, part = '') {
  const result = { completion: true };
  if (status !== 'completed') result.success = status === 'passed';
  if (score) result.score = { min: 0, ...score };
  return statement(status, { part, result });
}

// One question as it was answered: { id, type, words, response, rights, right }.
export function answered(question, part) {
  const definition = { type: `${VERBS.replace('verbs', 'activities')}cmi.interaction`, interactionType: question.type || 'other' };
  definition.description = { und: short(question.words || question.id) };
  const rights = question.rights.filter(Boolean).map(short);
  if (rights.length) definition.correctResponsesPattern = rights;
  const result = { response: short(question.response) };
  if (question.right !== null) result.success = question.right;
  return statement('answered', { part: `${part}/${question.id}`, definition, result });
}
