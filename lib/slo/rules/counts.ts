import { type Expr, histogramBelow, histogramCount, increase, sumBy } from '@/lib/sources/prometheus/queries';
import type { Healthy, IndicatorQueries } from '../define/indicator';
import { durationText } from '../define/slo-form';
import { type SliceTarget, sliceTargetOf } from '../math/slices';
import {
  aggregation,
  countOver,
  countSeconds,
  isAbove,
  minus,
  numeral,
  orZero,
  overSteps,
  times,
  withoutNaN,
} from './promql';

/** Bad and all events of the last five minutes, by group. */
export type CountExprs = { total: Expr; bad: Expr };
/** Seconds of a slice, and the share of good events that makes it good. */
export type Slices = { seconds: 60 | 300; target: string };

type Counters = Extract<IndicatorQueries, { kind: 'counters' }>;
type Probe = Extract<IndicatorQueries, { kind: 'probe' }>;
type Native = Extract<IndicatorQueries, { kind: 'native' }>;

/**
 * What to record for an objective. Good events come off the total without a floor at 0: where both are estimates,
 * a floor would turn chance into failures.
 */
export function countExprs(
  indicator: IndicatorQueries,
  slices: Slices | null,
  histogram: boolean,
): CountExprs {
  if (indicator.kind === 'probe') return probeCounts(indicator);
  if (slices === null) return eventCounts(indicator, countSeconds, histogram);
  const { total, bad } = eventCounts(indicator, slices.seconds, histogram);
  return {
    // A slice without traffic is neither good nor bad.
    total: overSteps('sum', isAbove(total, { kind: 'expr', text: '0' }), slices.seconds),
    bad: overSteps('sum', isAbove(bad, allowed(total, sliceTargetOf(slices.target))), slices.seconds),
  };
}

/** What may fail in a slice that is still good; exactly that share is good. */
const allowed = (total: Expr, { failures, per }: SliceTarget): Expr => times(total, failures / per);

function eventCounts(indicator: Counters | Native, seconds: number, histogram: boolean): CountExprs {
  if (indicator.kind === 'native') return nativeCounts(indicator, seconds);
  const { counted, groupBy } = indicator;
  const [all, other] = counted;
  const total = countOver(groupBy, all.selector, seconds);
  const part = countOver(groupBy, other.selector, seconds);
  if (other.role === 'bad') return { total, bad: orZero(part, total) };
  // A bucket is there whenever its histogram is: where it lacks, the bound is wrong, and nothing is recorded.
  return { total, bad: minus(total, histogram ? part : orZero(part, total)) };
}

function nativeCounts({ histogram, below, groupBy }: Native, seconds: number): CountExprs {
  const of = sumBy(groupBy, increase(histogram, seconds));
  const total = histogramCount(of);
  return { total, bad: orZero(withoutNaN(minus(total, histogramBelow(below, of))), total) };
}

/** Slices of a probe: bad when a sample of any series of the group is unhealthy, unknown without a sample. */
function probeCounts({ selector, healthy, sliceSeconds, groupBy }: Probe): CountExprs {
  const extreme = (by: 'min' | 'max'): Expr => ({
    kind: 'expr',
    text: `${aggregation(by, groupBy)} (${by}_over_time(${selector.text}[${durationText(sliceSeconds)}]))`,
  });
  const known = withoutNaN(extreme('min'));
  return {
    total: overSteps('count', known, sliceSeconds),
    bad: overSteps('sum', unhealthy(healthy, known, withoutNaN(extreme('max'))), sliceSeconds),
  };
}

/** 1 for a slice with an unhealthy sample, judged by the one that is worst for the comparison. */
function unhealthy({ op, value }: Healthy, least: Expr, most: Expr): Expr {
  const worse = (of: Expr, against: string): string => `(${of.text} ${against} bool ${numeral(value)})`;
  switch (op) {
    case '>=':
      return { kind: 'expr', text: worse(least, '<') };
    case '>':
      return { kind: 'expr', text: worse(least, '<=') };
    case '<=':
      return { kind: 'expr', text: worse(most, '>') };
    case '<':
      return { kind: 'expr', text: worse(most, '>=') };
    case '==':
      // Above and below are never both of one sample, so either of them makes the sum above 0.
      return { kind: 'expr', text: `((${worse(least, '<')} + ${worse(most, '>')}) > bool 0)` };
    default:
      return op satisfies never;
  }
}
