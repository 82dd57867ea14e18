import type { Absence } from './model';
import type { SliPart, SliPlan } from './plan';

/** The figure of an indicator, or why there is none. `numbers` is the formula with its numbers filled in. */
export type Measured =
  | { value: number; numbers: string }
  /** `metric` is the one without samples, where that is why. */
  | { value: null; absence: Absence; sentence: string; numbers: string; metric: string | null };

/** The newest number of a part; undefined where the source had none. */
export type Known = (key: string) => number | undefined;

const none = (absence: Absence, sentence: string, metric: string | null = null): Measured => ({
  value: null,
  absence,
  sentence,
  numbers: sentence,
  metric,
});

const silent = ({ metric }: SliPart, where: string): Measured =>
  none('metric-missing', `Prometheus has no recent samples of ${metric} ${where}.`, metric);

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** `1,204` and `0.0312`: three digits that say something. */
export const digits = (value: number): string =>
  Math.abs(value) >= 1000 ? grouped.format(value) : String(Number(value.toPrecision(3)));

export const percentText = (value: number): string => `${digits(value * 100)} %`;

/** What was read of an indicator. `where` ends the sentences: "for Shop API in production, us-east-1". */
export function measure(plan: SliPlan, known: Known, where: string): Measured {
  switch (plan.kind) {
    case 'value':
      return ofOne(plan.sli, plan.value, known, where);
    case 'share':
      return ofShare(plan, known, where);
    case 'of-both': {
      const [part, rest] = [known(plan.part.key), known(plan.rest.key)];
      if (part === undefined) return silent(plan.part, where);
      if (rest === undefined) return silent(plan.rest, where);
      return divided(part, part + rest, `${digits(part)} / (${digits(part)} + ${digits(rest)})`);
    }
    default:
      return plan satisfies never;
  }
}

function ofOne(sli: SliPlan['sli'], part: SliPart, known: Known, where: string): Measured {
  const value = known(part.key);
  if (value === undefined) return silent(part, where);
  const isLatency = sli === 'latency-p95' || sli === 'latency-p99';
  // A quantile of no observations is NaN.
  if (isLatency && Number.isNaN(value))
    return none('no-traffic', 'No requests arrived, so none took any time.');
  if (!Number.isFinite(value) || value < 0)
    return none('invalid', `${part.metric} gives ${value}, which cannot be.`);
  return {
    value,
    numbers: isLatency
      ? `${digits(value * 1000)} ms`
      : sli === 'requests'
        ? `${digits(value)} /s`
        : percentText(value),
  };
}

function ofShare(plan: Extract<SliPlan, { kind: 'share' }>, known: Known, where: string): Measured {
  const whole = known(plan.whole.key);
  if (whole === undefined) return silent(plan.whole, where);
  const part = known(plan.part.key) ?? (plan.isCount ? 0 : undefined);
  if (part === undefined) return silent(plan.part, where);
  if (plan.isCount && whole === 0) return none('no-traffic', 'No requests arrived, so none of them failed.');
  const result = divided(part, whole, `${digits(part)} / ${digits(whole)}`);
  if (plan.isCount && result.value !== null && result.value > 1) {
    return none(
      'invalid',
      `${digits(part)} failed of ${digits(whole)} requests per second: more than there were.`,
    );
  }
  return result;
}

function divided(part: number, whole: number, text: string): Measured {
  if (!Number.isFinite(part) || !Number.isFinite(whole) || part < 0 || whole < 0)
    return none('invalid', `${text} cannot be.`);
  if (whole === 0 && part === 0) return none('no-traffic', 'Nothing was counted, and 0/0 is not 100 %.');
  const value = part / whole;
  if (!Number.isFinite(value)) return none('invalid', `${text} cannot be.`);
  return { value, numbers: `${text} = ${percentText(value)}` };
}
