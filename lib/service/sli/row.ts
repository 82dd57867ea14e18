import type { Service } from '@/lib/config/service';
import { guideSlis } from '@/lib/config/sli-guide';
import {
  type ChangeLimits,
  changeLimits,
  type LevelLimits,
  levelLimits,
  type SliOrigin,
  type SliReasons,
} from '@/lib/config/sli-limits';
import { mapReading, missing, type Reading, readingValue } from '@/lib/core/reading';
import type { Point } from '../contract';
import { baselineWeeks, median } from './baseline';
import type { SliBaseline, SliRow } from './contract';
import { howBaseline, howOf } from './how';
import { changeAgainst, judgeChange, judgeLevel } from './judge';
import { type Measured, measure, percentText } from './measure';
import type { Absence } from './model';
import type { SliPlan, Unplanned } from './plan';
import type { Numbers, SliReadings } from './read';

export type RowInput = {
  service: Service;
  environment: string;
  region: string;
  /** Seconds of the span of rates. */
  windowSeconds: number;
  /** Unix seconds: which hour is compared with. */
  nowSeconds: number;
  readings: SliReadings;
  /** Times of the history. */
  times: readonly number[];
};

type Absent = NonNullable<SliRow['absence']>;
const absent = (kind: Absence, sentence: string, add: string | null = null): Absent => ({
  kind,
  sentence,
  add,
});

/** One line of the table: what was read, judged by the limits that hold here. */
export function sliRow(plan: SliPlan | Unplanned, input: RowInput): SliRow {
  const { service, environment, readings } = input;
  const id = plan.sli;
  const where = `for ${service.name} in ${environment}, ${input.region}`;
  const of = (numbers: Numbers): Measured =>
    plan.kind === 'not-configured'
      ? {
          value: null,
          absence: 'not-configured',
          sentence: plan.sentence,
          numbers: plan.sentence,
          metric: null,
        }
      : measure(plan, (key) => numbers.get(key), where);
  const measured: Reading<Measured> =
    plan.kind === 'not-configured'
      ? missing('not-configured', plan.sentence)
      : mapReading(readings.numbers, of);
  const value = figureOf(measured);
  const absence =
    plan.kind === 'not-configured' ? absent('not-configured', plan.sentence, plan.add) : whyAbsent(measured);
  const common = {
    ref: guideSlis[id].ref,
    name: guideSlis[id].name,
    value,
    history: plan.kind === 'not-configured' ? [] : historyOf(input, of),
  };
  if (id === 'requests') return requestsRow(plan, input, { ...common, absence, measured });
  const limits = levelLimits(service, id, environment);
  return {
    ...common,
    id,
    unit: guideSlis[id].unit,
    state: absence === null ? judgeLevel(readingValue(value), limits.limits) : 'no-data',
    absence,
    limits: levelsWire(limits),
    origin: originText(service, environment, guideSlis[id].ref, Object.values(usedOrigins(limits)), limits),
    baseline: null,
    how: howOf(plan, readingValue(measured), input.windowSeconds),
  };
}

/** A figure that cannot be told is missing; an old one stays, with its reason. */
function figureOf(measured: Reading<Measured>): Reading<number> {
  if (measured.state === 'missing') return measured;
  const { value } = measured.value;
  if (value === null)
    return missing('no-series', 'sentence' in measured.value ? measured.value.sentence : '');
  return { ...measured, value };
}

function whyAbsent(measured: Reading<Measured>): Absent | null {
  if (measured.state === 'missing')
    return absent(
      measured.reason === 'not-configured' ? 'not-configured' : 'source-down',
      measured.detail ?? 'Prometheus does not answer.',
    );
  if (measured.value.value === null) return absent(measured.value.absence, measured.value.sentence);
  if (measured.state === 'stale') {
    return absent('stale', `The last figure is old: ${measured.detail ?? 'Prometheus does not answer.'}`);
  }
  return null;
}

function historyOf({ readings, times }: RowInput, of: (numbers: Numbers) => Measured): Point[] {
  const known = readingValue(readings.history);
  if (known === null) return [];
  const none: Numbers = new Map();
  return times.map((at) => [at, of(known.get(at) ?? none).value]);
}

type Common = Pick<SliRow, 'ref' | 'name' | 'value' | 'history'> & {
  absence: Absent | null;
  measured: Reading<Measured>;
};

function requestsRow(plan: SliPlan | Unplanned, input: RowInput, common: Common): SliRow {
  const { service, environment } = input;
  const { measured, absence, ...shown } = common;
  const found = baselineOf(input, readingValue(common.value));
  const change = typeof found === 'string' ? null : found.change;
  const limits = changeLimits(service, environment);
  const why =
    absence ??
    (typeof found === 'string'
      ? absent('no-baseline', found)
      : change === null
        ? absent(
            'no-baseline',
            'No requests arrived in the same hour of earlier weeks, so there is no share.',
          )
        : null);
  return {
    ...shown,
    id: 'requests',
    unit: 'per-second',
    state: why === null ? judgeChange(change, limits.limits) : 'no-data',
    absence: why,
    limits: changesWire(limits),
    origin: originText(
      service,
      environment,
      guideSlis.requests.ref,
      [...Object.values(limits.origins.up), ...Object.values(limits.origins.down)],
      limits,
    ),
    baseline: typeof found === 'string' ? null : found,
    how: howBaseline(
      plan,
      readingValue(measured),
      typeof found === 'string' ? found : { ...found, text: changeText(found.change) },
      input.windowSeconds,
    ),
  };
}

const changeText = (change: number | null): string =>
  change === null ? 'no share' : `${change < 0 ? '−' : '+'}${percentText(Math.abs(change))}`;

/** How long the last hour still stands for this one, in seconds. */
const turnSeconds = 120;

/** The same hour of earlier weeks, or why there is none. */
function baselineOf({ readings, nowSeconds }: RowInput, value: number | null): SliBaseline | string {
  const known = readingValue(readings.hours);
  // Of an hour that is over nothing can be said about this one; after the turn it stands until the next is read.
  if (known === null || nowSeconds >= known.from + 3600 + turnSeconds) {
    const { hours } = readings;
    const why = hours.state === 'fresh' ? undefined : hours.detail;
    return `The same hour of earlier weeks could not be read. ${why ?? ''}`.trim();
  }
  const middle = median(known.hours.map(({ rate }) => rate));
  if (middle === null) {
    return `Prometheus has no requests of this hour in the last ${baselineWeeks} weeks to compare with.`;
  }
  return {
    value: middle,
    weeks: known.hours,
    weeksWanted: baselineWeeks,
    hourFrom: new Date(known.from * 1000).toISOString(),
    change: changeAgainst(value, middle),
  };
}

function levelsWire({ limits, origins }: LevelLimits): SliRow['limits'] {
  return {
    kind: limits.kind,
    low: limits.low === null ? null : { value: limits.low, origin: origins.low },
    target: { value: limits.target, origin: origins.target },
    warning: { value: limits.warning, origin: origins.warning },
    critical: { value: limits.critical, origin: origins.critical },
  };
}

function changesWire({ limits, origins }: ChangeLimits): SliRow['limits'] {
  const side = (name: 'up' | 'down') => ({
    warning: { value: limits[name].warning, origin: origins[name].warning },
    critical: { value: limits[name].critical, origin: origins[name].critical },
  });
  return { kind: 'baseline', up: side('up'), down: side('down') };
}

const usedOrigins = ({ limits, origins }: LevelLimits): Partial<Record<string, SliOrigin>> =>
  limits.low === null
    ? { target: origins.target, warning: origins.warning, critical: origins.critical }
    : origins;

/** "Guide 004, SLI-01", or whose configuration has which part of it, and why. */
function originText(
  service: Service,
  environment: string,
  ref: string,
  origins: readonly (SliOrigin | undefined)[],
  { reasons }: { reasons: SliReasons },
): string {
  const because = (reason: string | null) => (reason === null ? '' : ` (${reason})`);
  const texts: Record<SliOrigin, string> = {
    environment: `configuration of ${service.name} for ${environment}${because(reasons.environment)}`,
    service: `configuration of ${service.name}${because(reasons.service)}`,
    guide: `guide 004, ${ref}`,
  };
  const parts = (['environment', 'service', 'guide'] as const).filter((one) => origins.includes(one));
  const text = parts.map((one) => texts[one]).join('; the rest ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
