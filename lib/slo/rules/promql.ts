import { type Expr, equals, quote, type Selector, selector } from '@/lib/sources/prometheus/queries';
import { durationText } from '../define/slo-form';

/** What the rules record: bad and all events (or slices) of the last five minutes, by objective and group. */
export const totalMetric = 'slo:total_events:count5m';
export const badMetric = 'slo:bad_events:count5m';

/** The span of one recorded count. */
export const countSeconds = 300;
/** How often counts are recorded and pages judged; every event is in `samplesPerEvent` of the recorded samples. */
export const recordSeconds = 30;
export const samplesPerEvent = countSeconds / recordSeconds;
/** How often tickets are judged: their spans are long, and a minute more changes nothing. */
export const ticketSeconds = 120;

const expr = (text: string): Expr => ({ kind: 'expr', text });

/** A number as PromQL reads it. Throws RangeError for what is none, so that no rule compares with NaN. */
export function numeral(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot stand in a rule.`);
  return String(value);
}

/** The recorded counts of one objective in one environment. */
export const recordedCount = (metric: string, slo: string, environment: string): Selector =>
  selector({ metric, matchers: [] }, [equals('slo', slo), equals('environment', environment)]);

/** `sum by (a, b) (increase(x[5m]))`: increase first, so that restarts of counters are seen. */
export const countOver = (groupBy: readonly string[], of: Selector, seconds: number): Expr =>
  expr(`${aggregation('sum', groupBy)} (increase(${of.text}[${durationText(seconds)}]))`);

export const aggregation = (name: 'sum' | 'min' | 'max', groupBy: readonly string[]): string =>
  groupBy.length === 0 ? name : `${name} by (${groupBy.join(', ')})`;

/** `a`, and 0 for each group of `total` that `a` lacks: no failed request may mean no series of failures. */
export const orZero = (a: Expr, total: Expr): Expr => expr(`(${a.text} or ${total.text} * 0)`);

export const minus = (a: Expr, b: Expr): Expr => expr(`(${a.text} - ${b.text})`);

/** What is no number goes: 0/0 of a histogram without observations. */
export const withoutNaN = (of: Expr): Expr => expr(`(${of.text} > -Inf)`);

/** 1 where the left side is above the right one, else 0. */
export const isAbove = (a: Expr, b: Expr): Expr => expr(`(${a.text} > bool ${b.text})`);

export const times = (a: Expr, factor: number): Expr => expr(`${a.text} * ${numeral(factor)}`);

/**
 * Sum or number of the values that `of` had at each aligned step of the last five minutes. The range is a
 * millisecond short of them: before 3.0 a range holds both of its ends, and an aligned one would see a step too many.
 */
export const overSteps = (by: 'sum' | 'count', of: Expr, stepSeconds: number): Expr =>
  expr(`${by}_over_time(${of.text}[4m59s999ms:${durationText(stepSeconds)}])`);

/**
 * Events of the last so many seconds from the recorded counts. Each event is in ten of them, since they overlap;
 * their sum is used and not the increase of a sum, which a vanishing pod would make fall.
 */
export const recordedOver = (of: Selector, seconds: number): Expr =>
  seconds === countSeconds
    ? expr(of.text)
    : expr(`(sum_over_time(${of.text}[${durationText(seconds)}]) / ${samplesPerEvent})`);

/**
 * As recordedOver, and never less than the events of the last five minutes: those are in few of the overlapping
 * counts yet, and a page must not wait until they are in all ten.
 */
export function recordedAtLeast(of: Selector, seconds: number): Expr {
  if (seconds === countSeconds) return expr(of.text);
  return expr(`(${recordedOver(of, seconds).text} > ${of.text} or ${of.text})`);
}

/** One of several that is not there; the labels are those of the groups and none of the selectors' own. */
export const anyAbsent = (groupBy: readonly string[], of: readonly Selector[]): Expr =>
  expr(`${aggregation('max', groupBy)} (${of.map(({ text }) => `absent(${text})`).join(' or ')})`);

/**
 * Text that stays on its line wherever a YAML reader looks for line breaks, and holds nothing it refuses. In
 * PromQL such characters stand in strings only, where they may be written as escapes.
 */
export const escapeUnprintable = (text: string): string =>
  text.replaceAll(unprintable, (char) => {
    const point = char.codePointAt(0) ?? 0;
    return point > 0xffff
      ? `\\U${point.toString(16).padStart(8, '0')}`
      : `\\u${point.toString(16).padStart(4, '0')}`;
  });

/** Control characters beyond ASCII, separators of lines and paragraphs, private use, marks of byte order. */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\p{Co}\p{Cn}\p{Cf}]/gu;

/** The same for words that people read: a space in its place. */
export const onOneLine = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(unprintable, ' ')
    .trim();

/** A selector with one more matcher. */
export const narrowed = ({ text }: Selector, label: string, value: string): Selector => {
  const matcher = `${label}=${quote(value)}`;
  return {
    kind: 'selector',
    text: text.endsWith('}') ? `${text.slice(0, -1)},${matcher}}` : `${text}{${matcher}}`,
  };
};

/** Events that are more than all events, or fewer than none, by a margin that estimates stay within. */
export function impossibleOver(total: Selector, bad: Selector, seconds: number): Expr {
  const of = (selector: Selector) => recordedOver(selector, seconds).text;
  return expr(`${of(bad)} > ${of(total)} * 1.05 + 10\nor\n${of(bad)} < ${of(total)} * -0.05 - 10`);
}
