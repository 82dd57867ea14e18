import { sampleValue } from './schema';

/** Samples of one series: [unix seconds, value]. */
export type Points = [at: number, value: number][];

const opening = '"values":[[';
const [zero, nine, dot, comma, quoteMark, open, close] = [48, 57, 46, 44, 34, 91, 93];

/** Powers of ten that divide a whole number below 2^53 to the nearest double, as Number() would read it. */
const powers = Array.from({ length: 16 }, (_, digits) => 10 ** digits);
const mostDigits = 15;

/** A decimal in `text` from `from` to `to`; the same as Number(), or as Go's +Inf, -Inf and NaN. */
function decimal(text: string, from: number, to: number): number {
  if (to - from > mostDigits + 1 || to === from) return sampleValue(text.slice(from, to));
  let whole = 0;
  let behind = -1;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= zero && code <= nine) {
      whole = whole * 10 + (code - zero);
      if (behind >= 0) behind += 1;
    } else if (code === dot && behind < 0) behind = 0;
    else return sampleValue(text.slice(from, to));
  }
  if (behind === 0 || (behind < 0 && to - from > mostDigits)) return sampleValue(text.slice(from, to));
  return behind > 0 ? whole / (powers[behind] ?? Number.NaN) : whole;
}

/** The samples from `[[` at `start` on, and where the text goes on behind them; null when it is written otherwise. */
function readPoints(text: string, start: number): { points: Points; end: number } | null {
  const points: Points = [];
  let at = start;
  for (;;) {
    at += 1;
    if (text.charCodeAt(at) !== open) return null;
    let from = at + 1;
    for (at = from; isNumberCode(text.charCodeAt(at)); at += 1);
    if (at === from || text.charCodeAt(at) !== comma || text.charCodeAt(at + 1) !== quoteMark) return null;
    const seconds = decimal(text, from, at);
    from = at + 2;
    at = text.indexOf('"', from);
    if (at <= from || at - from > 40 || text.charCodeAt(at + 1) !== close) return null;
    points.push([seconds, decimal(text, from, at)]);
    at += 2;
    const next = text.charCodeAt(at);
    if (next === close) return { points, end: at + 1 };
    if (next !== comma) return null;
  }
}

const isNumberCode = (code: number): boolean => (code >= zero && code <= nine) || code === dot;

/**
 * Takes the samples of a range out of an answer's JSON: an answer of a week holds tens of thousands, and a general
 * reader makes several objects and texts of each. In `json` every list is replaced by its number in `samples`.
 * Null when the samples are not written as Prometheus writes them (without spaces, seconds before value): such an
 * answer is to be read as JSON. No string of a JSON text holds the opening sought, since its quotes are escaped.
 */
export function takeSamples(text: string): { json: string; samples: Points[] } | null {
  const samples: Points[] = [];
  let json = '';
  let done = 0;
  for (let found = text.indexOf(opening); found >= 0; found = text.indexOf(opening, done)) {
    const list = found + opening.length - 2;
    const read = readPoints(text, list);
    if (read === null) return null;
    json += `${text.slice(done, list)}${samples.length}`;
    samples.push(read.points);
    done = read.end;
  }
  return { json: json + text.slice(done), samples };
}
