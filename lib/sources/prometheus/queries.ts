import type { Matcher, Series } from '@/lib/config/service';

/**
 * PromQL as values: an instant vector selector can be given a range, an expression cannot. Everything that
 * comes from configuration or a person goes through `quote`, so that no value can leave its string.
 */
export type Selector = { kind: 'selector'; text: string };
export type Expr = { kind: 'expr'; text: string };

/** A double-quoted PromQL string: Go's escapes for the quote, the backslash and control characters. */
export function quote(value: string): string {
  const escaped = value
    .toWellFormed()
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly what must be escaped
    .replaceAll(/[\u0000-\u001f\u007f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `"${escaped}"`;
}

const matcherText = ({ label, op, value }: Matcher): string => `${label}${op}${quote(value)}`;

/** `metric{label="value",…}`: the series' own matchers first, then the added ones. */
export function selector(series: Series, added: readonly Matcher[] = []): Selector {
  const matchers = [...series.matchers, ...added].map(matcherText).join(',');
  return { kind: 'selector', text: matchers === '' ? series.metric : `${series.metric}{${matchers}}` };
}

export const equals = (label: string, value: string): Matcher => ({ label, op: '=', value });

const expr = (text: string): Expr => ({ kind: 'expr', text });

/** A selector as it stands: the newest value of each series. */
export const vector = (of: Selector): Expr => expr(of.text);
/** When the newest sample of each series was taken, in seconds since 1970. */
export const takenAt = (of: Selector): Expr => expr(`timestamp(${of.text})`);
/** A range selector, whose samples an instant query gives as they are. */
export const rangeOf = (of: Selector, seconds: number): Expr => expr(`${of.text}[${seconds}s]`);
/** The newest value of each series within a span, however old. */
export const lastOver = (of: Selector, seconds: number): Expr =>
  expr(`last_over_time(${of.text}[${seconds}s])`);
/** The newest value within a span that is a number of a counter: NaN and negative ones are passed over. */
export const lastCountOver = (of: Selector, seconds: number, step: number): Expr =>
  expr(`last_over_time((${of.text} >= 0)[${seconds}s:${step}s])`);
export const overTime = (by: 'min' | 'max', of: Selector, seconds: number): Expr =>
  expr(`${by}_over_time(${of.text}[${seconds}s])`);
/** Observations of a native histogram, and those of at most `below` of them (interpolated within a bucket). */
export const histogramCount = (of: Expr): Expr => expr(`histogram_count(${of.text})`);
/** The share of observations of at most `below`; NaN where there are none. */
export const histogramFraction = (below: number, of: Expr): Expr =>
  expr(`histogram_fraction(0, ${below}, ${of.text})`);
export const histogramBelow = (below: number, of: Expr): Expr =>
  expr(`histogram_fraction(0, ${below}, ${of.text}) * histogram_count(${of.text})`);
/** Least or greatest of the series with equal labels. */
export const extremeBy = (by: 'min' | 'max', labels: readonly string[], of: Expr): Expr =>
  expr(labels.length === 0 ? `${by}(${of.text})` : `${by} by (${labels.join(', ')}) (${of.text})`);
export const rate = (of: Selector, seconds: number): Expr => expr(`rate(${of.text}[${seconds}s])`);
export const increase = (of: Selector, seconds: number): Expr => expr(`increase(${of.text}[${seconds}s])`);

/** `sum by (a, b) (…)`, or a plain sum without labels. Rates go in, so that counter resets are handled first. */
export function sumBy(labels: readonly string[], of: Expr): Expr {
  return expr(labels.length === 0 ? `sum(${of.text})` : `sum by (${labels.join(', ')}) (${of.text})`);
}

/** The mean or the largest of all series: for values that do not add up, such as ages and shares. */
export const aggregate = (by: 'avg' | 'max', of: Expr): Expr => expr(`${by}(${of.text})`);

/** `a / b` over equal labels; where b is 0 the value is NaN, which is no traffic and not 100 %. */
export const ratio = (a: Expr, b: Expr): Expr => expr(`(${a.text}) / (${b.text})`);

/** `a - b` over equal labels but those left out; a series without its counterpart is in no answer. */
export const difference = (a: Expr, b: Expr, ignoring: readonly string[] = []): Expr =>
  expr(`(${a.text}) - ${ignoring.length === 0 ? '' : `ignoring(${ignoring.join(', ')}) `}(${b.text})`);

/** The so many largest series, those above zero. */
export const largest = (count: number, of: Expr): Expr => expr(`topk(${count}, (${of.text}) > 0)`);

/** `a or b`: the series of a, and those of b whose labels a does not have. */
export const either = (all: readonly Expr[]): Expr => expr(all.map(({ text }) => `(${text})`).join(' or '));

/** A quantile of a classic histogram: the rate of its buckets, summed by `le` and the labels asked for. */
export function quantile(q: number, buckets: Selector, seconds: number, labels: readonly string[]): Expr {
  return expr(`histogram_quantile(${q}, ${sumBy(['le', ...labels], rate(buckets, seconds)).text})`);
}

/** Copies a label under a name of ours, so that services with other label names can be asked in one query. */
export const copyLabel = (of: Expr, to: string, from: string): Expr =>
  expr(`label_replace(${of.text}, ${quote(to)}, "$1", ${quote(from)}, "(.*)")`);

/** Adds a constant label. `$` would be read as a capture group, so it is doubled. */
export const addLabel = (of: Expr, label: string, value: string): Expr =>
  expr(`label_replace(${of.text}, ${quote(label)}, ${quote(value.replaceAll('$', '$$$$'))}, "", "")`);

/** Step of a chart: at most 300 points, never finer than 15 s. */
export const stepFor = (rangeSeconds: number): number => Math.max(15, Math.ceil(rangeSeconds / 300));
