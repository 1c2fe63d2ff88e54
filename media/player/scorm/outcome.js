// What came of a package, in the words of our record. A part has `status` 'begun', 'completed', 'passed' or 'failed', and perhaps
// a score; the whole is finished once every part is. Decision record 39 has the table.
const FINISHED = new Set(['completed', 'passed', 'failed']);
const WHOLE = 100;

export const isFinished = (status) => FINISHED.has(status);

// Points that can be: from nothing to the most there are. Null where none were told.
export function points(raw, max) {
  const most = Number(max) > 0 ? Number(max) : WHOLE;
  if (raw === '' || raw === null || raw === undefined || !Number.isFinite(Number(raw))) return null;
  return { raw: Math.min(Math.max(Number(raw), 0), most), max: most };
}

export function wholeOf(parts) {
  if (!parts.length || !parts.every((part) => part && isFinished(part.status))) return null;
  const among = (status) => parts.some((part) => part.status === status);
  const status = among('failed') ? 'failed' : among('passed') ? 'passed' : 'completed';
  const scored = parts.filter((part) => part.score);
  if (parts.length === 1 || !scored.length) return { status, score: scored[0]?.score ?? null };
  const mean = scored.reduce((sum, { score }) => sum + score.raw / score.max, 0) / scored.length;
  return { status, score: { raw: Math.round(mean * WHOLE * 100) / 100, max: WHOLE } };
}
