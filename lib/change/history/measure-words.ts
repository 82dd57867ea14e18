import { formatDuration } from '@/lib/core/duration';
import type { Measure } from './contract';
import { least, medianOf, type Observed, quantileOf, REWORK_SECONDS, shareInterval } from './measures';
import type { MeasureId } from './model';

const counted = (count: number, one: string, more = `${one}s`): string =>
  `${count} ${count === 1 ? one : more}`;
const plainShare = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;
const days = (known: number): string => `${known.toFixed(1)} days`;

type Said = Pick<Measure, 'id' | 'name' | 'unit' | 'definition' | 'notes'>;

const said: Record<MeasureId, Said> = {
  'deployment-frequency': {
    id: 'deployment-frequency',
    name: 'Deployment frequency',
    unit: 'per-week',
    definition: 'Deployments that ended in the span / days of it that the record covers × 7.',
    notes: [
      'A deployment is a deploy that wrote to its cluster and ended: succeeded, backed out or failed. One over several regions is one. Rollbacks, restarts, scaling and settings are none.',
    ],
  },
  'lead-time': {
    id: 'lead-time',
    name: 'Lead time for changes',
    unit: 'seconds',
    definition: 'Median of (end − request) of the deployments that succeeded; the end is that of the watch.',
    notes: [
      'DORA counts from the commit. The console does not know commits: what passes between commit and request is not in here, so the full lead time is longer.',
    ],
  },
  'change-fail-rate': {
    id: 'change-fail-rate',
    name: 'Change fail rate',
    unit: 'ratio',
    definition:
      'Deployments that were backed out, failed, or were taken back later by a rollback / all deployments.',
    notes: [
      'What was rejected, cancelled, voided, expired or aborted before a write changed nothing, so it counts on neither side.',
      'The interval holds the true share with 95 % (Wilson).',
    ],
  },
  'recovery-time': {
    id: 'recovery-time',
    name: 'Failed deployment recovery time',
    unit: 'seconds',
    definition: 'Median of (recovery − start) of the deployments that failed.',
    notes: [
      'Recovered is: backed out, taken back by a rollback, or after a failed one the end of the next deploy or rollback at the same place that succeeded.',
      'From the start of the deployment, since nobody records when its harm began: at most so long, not exactly.',
    ],
  },
  'rework-rate': {
    id: 'rework-rate',
    name: 'Deployment rework rate',
    unit: 'ratio',
    definition: '(Rollbacks + deploys that mend) / (deployments + rollbacks).',
    notes: [
      `A deploy mends when it is the first at its place after one that failed, asked for within ${formatDuration(REWORK_SECONDS)} of that. What an incident from elsewhere made necessary is not told apart.`,
      'The interval holds the true share with 95 % (Wilson).',
    ],
  },
};

const nothing = { value: null, low: null, high: null, p90: null, missing: null };

function shareMeasure(id: MeasureId, part: number, all: number, numbers: string): Measure {
  if (all < least.deployments)
    return {
      ...said[id],
      ...nothing,
      numbers,
      missing: `Not enough data: ${counted(all, 'deployment')} of the ${least.deployments} that a share needs.`,
    };
  const ratio = part / all;
  return {
    ...said[id],
    ...nothing,
    ...shareInterval(part, all),
    value: ratio,
    numbers: `${numbers} = ${plainShare(ratio)}`,
  };
}

function durationMeasure(id: MeasureId, seconds: readonly number[], what: string): Measure {
  const value = seconds.length < least.durations ? null : medianOf(seconds);
  if (value === null)
    return {
      ...said[id],
      ...nothing,
      numbers: `${what}; shown from ${least.durations} on.`,
      missing: `Not enough data: ${seconds.length} of the ${least.durations} that a median needs.`,
    };
  const p90 = quantileOf(seconds, 0.9);
  return {
    ...said[id],
    ...nothing,
    value,
    p90,
    numbers: `${what}: median ${formatDuration(value)}, nine of ten at most ${formatDuration(p90 ?? value)}.`,
  };
}

/** The five measures of DORA (2024: throughput and instability) from what was seen, each with its numbers. */
export function measuresOf(seen: Observed, knownDays: number): Measure[] {
  const { deployments, succeeded, backedOut, failed, undone, failures, rollbacks, mending } = seen;
  const all = deployments.length;
  const recovered = failures.flatMap(({ change, recoveredAt }) =>
    recoveredAt === null ? [] : [recoveredAt - change.startedAt],
  );
  const waiting = failures.length - recovered.length;
  const frequency = `${counted(all, 'deployment')} / ${days(knownDays)} × 7`;
  const perWeek = (all / knownDays) * 7;
  return [
    knownDays < least.knownDays
      ? {
          ...said['deployment-frequency'],
          ...nothing,
          numbers: frequency,
          missing: `Not enough data: the record covers ${days(knownDays)}; a rate needs ${least.knownDays}.`,
        }
      : {
          ...said['deployment-frequency'],
          ...nothing,
          value: perWeek,
          numbers: `${frequency} = ${perWeek.toFixed(2)} a week`,
        },
    durationMeasure(
      'lead-time',
      succeeded.map(({ createdAt, finishedAt }) => finishedAt - createdAt),
      counted(succeeded.length, 'deployment that succeeded', 'deployments that succeeded'),
    ),
    shareMeasure(
      'change-fail-rate',
      failures.length,
      all,
      `(${backedOut.length} backed out + ${failed.length} failed + ${undone.length} taken back) / ${counted(all, 'deployment')}`,
    ),
    durationMeasure(
      'recovery-time',
      recovered,
      `${counted(recovered.length, 'failed deployment')} recovered, ${waiting} not yet`,
    ),
    shareMeasure(
      'rework-rate',
      rollbacks.length + mending.length,
      all + rollbacks.length,
      `(${counted(rollbacks.length, 'rollback')} + ${mending.length} that mend) / ${counted(all + rollbacks.length, 'deployment')}, rollbacks included`,
    ),
  ];
}
