import type { Service } from '@/lib/config/service';
import { type Slo, timeSlices } from '@/lib/config/slo';
import { formatDuration } from '@/lib/core/duration';
import type { Exhaustion } from '../contract';
import type { Judged } from '../fleet/figures';
import { windowWords } from '../fleet/row';
import type { SloWord } from '../math/word';
import type { CountMethod } from '../model';

/** `12.3 %`; small values keep two digits that say something. */
export function percent(ratio: number, digits = 2): string {
  const value = ratio * 100;
  if (value !== 0 && Math.abs(value) < 10 ** -digits) return `${value.toPrecision(2)} %`;
  return `${value.toFixed(digits)} %`;
}

/** `14.4×`; at most three digits behind the point, none that are nought. */
export const times = (burn: number): string => `${Number(burn.toFixed(burn >= 100 ? 0 : 3))}×`;

/** `1,204`; estimates keep one digit. */
export const count = (value: number): string =>
  value.toLocaleString('en-GB', { maximumFractionDigits: Number.isInteger(value) || value >= 1000 ? 0 : 1 });

/** What is counted, in words. */
export function indicatorWords(service: Service, slo: Slo): string {
  const { indicator } = slo;
  const errors =
    slo.clientErrors.length === 0 ? '' : ` Answers with ${slo.clientErrors.join(', ')} count as failed.`;
  if (indicator === 'availability') {
    return `Requests to ${service.name}: all of ${service.metrics.requests.total.metric}, and those that failed by the configuration.${errors}`;
  }
  switch (indicator.kind) {
    case 'events':
      return `Events of ${indicator.total.metric}, and the ${indicator.bad === undefined ? 'good' : 'bad'} ones of ${(indicator.bad ?? indicator.good)?.metric}.`;
    case 'latency':
      return `Requests answered within ${indicator.below}, from the bucket of the histogram with this bound.`;
    case 'latency-native':
      return `Requests answered within ${indicator.below}, interpolated in the native histogram ${indicator.histogram.metric}.`;
    case 'probe':
      return `Slices of time in which every sample of ${indicator.gauge.metric} is ${indicator.healthy.op} ${indicator.healthy.value}.`;
    default:
      return indicator satisfies never;
  }
}

const goodWords = (service: Service, slo: Slo): string => {
  const { indicator } = slo;
  if (indicator === 'availability') return `of the requests to ${service.name} succeed`;
  if (indicator.kind === 'latency' || indicator.kind === 'latency-native')
    return `of the requests to ${service.name} are answered within ${indicator.below}`;
  return indicator.kind === 'probe' ? `of the time ${service.name} is healthy` : `of the events are good`;
};

/** The objective in a sentence. */
export function definitionWords(service: Service, slo: Slo): string {
  const slices = timeSlices(slo);
  const over = slo.window.kind === 'rolling' ? `the last ${windowWords(slo)}` : `each ${windowWords(slo)}`;
  if (slices !== null && slo.indicator !== 'availability' && slo.indicator.kind === 'probe') {
    return `${slo.objective} % ${goodWords(service, slo)}, over ${over}.`;
  }
  return slices === null
    ? `${slo.objective} % ${goodWords(service, slo)}, over ${over}.`
    : `In ${slo.objective} % of the slices of ${formatDuration(slices.seconds)}, ${slices.target} % ${goodWords(service, slo)}, over ${over}.`;
}

/** A bound seldom is a boundary of the buckets, and increase() gives no whole numbers either (slo.md 1.4). */
const interpolated =
  ' Those within the bound are interpolated in the bucket of the histogram that the bound falls into, so they are estimates: the finer its buckets (schema), the closer.';

export function methodWords(slo: Slo): string {
  const isNative = slo.indicator !== 'availability' && slo.indicator.kind === 'latency-native';
  return `${basisWords(slo)}${isNative ? interpolated : ''}`;
}

function basisWords(slo: Slo): string {
  const slices = timeSlices(slo);
  return slices === null
    ? 'By events: good and bad ones are summed over the window, and the ratio comes from the sums.'
    : `By slices of ${formatDuration(slices.seconds)}: each is good or bad, whatever its traffic. A slice that nobody measured, or without traffic, is left out.`;
}

export const groupingWords = (labels: readonly string[]): string =>
  labels.length === 0 ? 'One figure; nothing is grouped.' : `Grouped by ${labels.join(', ')}.`;

export const methodNames: Record<CountMethod, string> = {
  counted: 'counted from raw samples',
  estimated: 'estimated with increase(), which extrapolates and does not see the first event of a new series',
  adopted: 'taken over from recorded ratios of another tool',
  mixed: 'counted in several ways',
};

/** How a window was counted, and what that leaves out. */
export function countedWords(
  shares: readonly { method: CountMethod; share: number }[],
  coverage: number,
): string {
  const parts = shares.map(
    ({ method, share }) => `${percent(share, 1)} of the window is ${methodNames[method]}`,
  );
  const head = parts.length === 0 ? 'Nothing of the window is known.' : `${parts.join('; ')}.`;
  if (parts.length === 0 || coverage >= 0.9995) return head;
  return `${head} ${percent(1 - coverage, 1)} is not known: it counts neither as good nor as bad.`;
}

export function exhaustionWords(soonest: Exhaustion, latest: Exhaustion): string {
  if (soonest.kind === 'spent') {
    return soonest.recoversInSeconds === null
      ? 'The budget is spent and does not come back at this pace.'
      : `The budget is spent; at this pace it comes back in ${formatDuration(soonest.recoversInSeconds)}.`;
  }
  if (soonest.kind === 'unknown') return '';
  if (soonest.kind === 'never') return 'At no pace of the last days is it used up.';
  const late = latest.kind === 'in' ? formatDuration(latest.seconds) : null;
  const soon = formatDuration(soonest.seconds);
  if (late === null)
    return `At the fastest pace of the last days it is gone in ${soon}, at the slowest never.`;
  return late === soon ? `At this pace it is gone in ${soon}.` : `It is gone in ${soon} to ${late}.`;
}

const leads: Record<SloWord, string> = {
  invalid: 'The counts contradict themselves.',
  'no-data': 'Nothing is known about the last hour.',
  'burning-fast': 'The budget burns fast.',
  'burning-slow': 'The budget burns slowly but steadily.',
  exhausted: 'The error budget is spent.',
  recovering: 'A burn is ending.',
  partial: 'Less than half of the window is known.',
  'no-traffic': 'Nothing was asked in the last hour.',
  healthy: 'Within its objective.',
};

/** What is to come: in a calendar period what it ends with, since its budget grows with its traffic. */
function endWords({ forecast, projection }: Judged): string {
  return projection === null
    ? exhaustionWords(forecast.soonest, forecast.latest)
    : `At the pace of the last 6 h the period ends with ${percent(projection.budgetLeft, 1)} of its budget.`;
}

/** The judgement at the top of the page. `word` is that of the row: old counts are no data, whatever they said. */
export function sentenceOf(word: SloWord, judged: Judged): { word: SloWord; lead: string; rest: string } {
  const { figures } = judged;
  const firing = judged.pairs.find((pair) => pair.firing);
  const burn =
    firing === undefined || firing.long === null
      ? null
      : `Over ${formatDuration(firing.rule.longSeconds)} it burns at ${times(firing.long)} (threshold ${times(firing.rule.factor)}).`;
  const left =
    figures.budgetLeft === null ? null : `${percent(figures.budgetLeft, 1)} of the error budget is left.`;
  const end = figures.budgetLeft === null ? null : endWords(judged);
  return { word, lead: leads[word], rest: [burn, left, end].filter((part) => part).join(' ') };
}
