import { formatDuration } from '@/lib/core/duration';
import { baselineWeeks } from './baseline';
import type { SliBaseline, SliRow } from './contract';
import { digits, type Measured } from './measure';
import type { SliPlan, Unplanned } from './plan';

type How = SliRow['how'];

const formulas: Record<SliPlan['kind'], (plan: SliPlan) => string> = {
  value: ({ sli }) =>
    sli === 'latency-p95' || sli === 'latency-p99'
      ? `the ${sli === 'latency-p95' ? '95' : '99'}th percentile of the histogram, interpolated within a bucket`
      : 'the mean of the series',
  share: ({ sli }) =>
    sli === 'error-rate'
      ? 'failed requests per second / all requests per second'
      : sli === 'disk-io-wait'
        ? 'seconds waited for disks / all seconds of the processors'
        : 'used / limit, each added up over its series first',
  'of-both': () => 'hits per second / (hits + misses per second)',
};

const spanNote = (windowSeconds: number): string => `Rates are over ${formatDuration(windowSeconds)}.`;

/** How a figure that is judged by levels came about. */
export function howOf(plan: SliPlan | Unplanned, measured: Measured | null, windowSeconds: number): How {
  if (plan.kind === 'not-configured') {
    return { formula: plan.sentence, numbers: `Add ${plan.add}.`, notes: [], query: null };
  }
  return {
    formula: formulas[plan.kind](plan),
    numbers: measured?.numbers ?? 'Nothing was read.',
    notes: [
      spanNote(windowSeconds),
      ...(plan.kind === 'share' && plan.isCount
        ? ['A service without any failure has no series of failed requests; that is 0, not no data.']
        : []),
    ],
    query: plan.query.text,
  };
}

/** How traffic compares with the same hour of the week. */
export function howBaseline(
  plan: SliPlan | Unplanned,
  measured: Measured | null,
  baseline: string | (SliBaseline & { text: string }),
  windowSeconds: number,
): How {
  const now = measured?.value ?? null;
  const weeks =
    typeof baseline === 'string'
      ? []
      : baseline.weeks.map(({ weeksAgo, rate }) => `${digits(rate)} /s ${weeksAgo} wk ago`);
  return {
    formula: 'requests per second now / median of the same hour of the last weeks − 1',
    numbers:
      typeof baseline === 'string'
        ? baseline
        : now === null
          ? 'Nothing was read.'
          : `${digits(now)} /s / ${digits(baseline.value)} /s − 1 = ${baseline.text}`,
    notes: [
      ...(weeks.length === 0
        ? []
        : [`Same hour: ${weeks.join(', ')}; ${weeks.length} of ${baselineWeeks} weeks are known.`]),
      'The hour is that of the clock in UTC, its mean over 5-minute slots; an hour with less than half of them is left out.',
      'A rise is over its limit when it is above it, a fall when it reaches it: −100 % is no traffic at all.',
      spanNote(windowSeconds),
    ],
    query: plan.kind === 'not-configured' ? null : plan.query.text,
  };
}
