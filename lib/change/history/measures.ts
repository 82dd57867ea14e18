import type { ChangeKind } from '@/lib/core/change-kind';
import type { ChangeState } from '../model';

/** A change as the measures see it. Times are unix seconds. */
export type ChangeFact = {
  number: number;
  kind: ChangeKind;
  /** Service, environment and region: where it wrote, or was to; a change over several regions has several. */
  places: readonly string[];
  fromVersion: string;
  toVersion: string;
  state: ChangeState;
  /** Something of it reached the cluster. */
  wrote: boolean;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  /** It puts back what ran before, and the oldest change that it takes back where that is recorded. */
  goesBack: boolean;
  reverts: number | null;
};

/** (from, to] in unix seconds. */
export type MeasureSpan = { from: number; to: number };

/** A deploy asked for so soon after a failed one at the same place mends it. */
export const REWORK_SECONDS = 86_400;

/** Fewer observations than these give no figure. */
export const least = { knownDays: 7, deployments: 5, durations: 3 } as const;

type Ended = ChangeFact & { startedAt: number; finishedAt: number };
/** `recoveredAt` null: nothing has worked at the place since. */
type Failure = { change: Ended; failedAt: number; recoveredAt: number | null };

export type Observed = {
  deployments: Ended[];
  succeeded: Ended[];
  backedOut: Ended[];
  failed: Ended[];
  undone: Ended[];
  failures: Failure[];
  rollbacks: Ended[];
  /** Deploys that mend what a failed one left. */
  mending: Ended[];
  notCarriedOut: number;
  open: number;
};

/** It wrote and came to its end: it counts. What was aborted before a write changed nothing for anybody. */
const isEnded = (change: ChangeFact): change is Ended =>
  change.wrote &&
  change.startedAt !== null &&
  change.finishedAt !== null &&
  (change.state === 'Succeeded' || change.state === 'BackedOut' || change.state === 'Failed');

const isWayBack = ({ kind, goesBack }: ChangeFact): boolean => kind === 'rollback' || goesBack;
const isDeployment = (change: ChangeFact): boolean => change.kind === 'deploy' && !isWayBack(change);

/** Deployments that a rollback took back, of those of the place that succeeded (in the order of their ends). */
function undoneBy(rollback: Ended, succeeded: readonly Ended[]): Ended[] {
  const earlier = succeeded.filter(({ finishedAt }) => finishedAt <= rollback.startedAt);
  if (rollback.reverts !== null) {
    const { reverts } = rollback;
    return earlier.filter(({ number }) => number >= reverts);
  }
  const last = earlier.at(-1);
  return last !== undefined && last.toVersion === rollback.fromVersion ? [last] : [];
}

/** A change over several places failed when it did at one of them; it has recovered when all of these have. */
function mergedFailures(all: readonly Failure[]): Failure[] {
  return [...Map.groupBy(all, ({ change }) => change.number).values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const recovered = own.map(({ recoveredAt }) => recoveredAt);
    return [
      {
        change: first.change,
        failedAt: Math.min(...own.map(({ failedAt }) => failedAt)),
        recoveredAt: recovered.includes(null) ? null : Math.max(...recovered.map((at) => at ?? 0)),
      },
    ];
  });
}

/** What failed at one place; its changes stand in the order of their ends. */
function failuresOf(changes: readonly Ended[], to: number): Failure[] {
  const known = changes.filter(({ finishedAt }) => finishedAt <= to);
  const good = known.filter((one) => isDeployment(one) && one.state === 'Succeeded');
  const undoing = new Map<number, Ended>();
  for (const rollback of known) {
    if (!isWayBack(rollback) || rollback.state !== 'Succeeded') continue;
    for (const { number } of undoneBy(rollback, good)) {
      if (!undoing.has(number)) undoing.set(number, rollback);
    }
  }
  return known.filter(isDeployment).flatMap((change): Failure[] => {
    if (change.state === 'BackedOut')
      return [{ change, failedAt: change.finishedAt, recoveredAt: change.finishedAt }];
    const rollback = undoing.get(change.number);
    if (rollback !== undefined)
      return [{ change, failedAt: rollback.finishedAt, recoveredAt: rollback.finishedAt }];
    if (change.state !== 'Failed') return [];
    const next = known.find(
      (one) =>
        one.state === 'Succeeded' &&
        one.finishedAt > change.finishedAt &&
        (one.kind === 'deploy' || one.kind === 'rollback'),
    );
    return [{ change, failedAt: change.finishedAt, recoveredAt: next?.finishedAt ?? null }];
  });
}

/** Deploys that mend: the first at their place after one that failed, asked for within a day of it. */
function mendingOf(changes: readonly Ended[], failures: readonly Failure[]): Ended[] {
  const deployments = changes
    .filter(isDeployment)
    .toSorted((a, b) => a.createdAt - b.createdAt || a.number - b.number);
  const first = failures.flatMap(({ change, failedAt }) => {
    const next = deployments.find(
      ({ number, createdAt }) => number !== change.number && createdAt >= failedAt,
    );
    return next !== undefined && next.createdAt - failedAt <= REWORK_SECONDS ? [next] : [];
  });
  return [...new Set(first)];
}

/**
 * What the five measures are made of. A change belongs to the span in which it ended; those that ended before it may
 * be among `changes`, so that what they caused in the span is seen.
 */
export function observeChanges(changes: readonly ChangeFact[], { from, to }: MeasureSpan): Observed {
  const ended = changes
    .filter(isEnded)
    .toSorted((a, b) => a.finishedAt - b.finishedAt || a.number - b.number);
  const there = ended.flatMap((change) => change.places.map((place) => ({ place, change })));
  const byPlace = [...Map.groupBy(there, ({ place }) => place).values()].map((own) =>
    own.map(({ change }) => change),
  );
  const inSpan = ({ finishedAt }: Ended) => finishedAt > from && finishedAt <= to;
  const failed = byPlace.map((own) => failuresOf(own, to));
  const failures = mergedFailures(failed.flat());
  const mending = [...new Set(byPlace.flatMap((own, index) => mendingOf(own, failed[index] ?? [])))];
  const deployments = ended.filter((one) => isDeployment(one) && inSpan(one));
  const failedHere = failures.filter(({ change }) => inSpan(change));
  const deploys = changes.filter(isDeployment);
  return {
    deployments,
    succeeded: deployments.filter(({ state }) => state === 'Succeeded'),
    backedOut: deployments.filter(({ state }) => state === 'BackedOut'),
    failed: deployments.filter(({ state }) => state === 'Failed'),
    undone: failedHere.filter(({ change }) => change.state === 'Succeeded').map(({ change }) => change),
    failures: failedHere,
    rollbacks: ended.filter((one) => isWayBack(one) && inSpan(one)),
    mending: mending.filter(inSpan),
    notCarriedOut: deploys.filter(
      (one) => !one.wrote && one.finishedAt !== null && one.finishedAt > from && one.finishedAt <= to,
    ).length,
    open: deploys.filter(({ finishedAt, createdAt }) => finishedAt === null && createdAt <= to).length,
  };
}

/** The smallest value that `share` of all are at most (nearest rank); null of none. */
export function quantileOf(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** The middle one; of an even number the mean of the two in the middle; null of none. */
export function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

/** 95 % interval of a share (Wilson 1927): inside 0 to 1, and honest of few. `all` is at least 1. */
export function shareInterval(part: number, all: number): { low: number; high: number } {
  const z = 1.959964;
  const ratio = part / all;
  const scale = 1 + z ** 2 / all;
  const centre = (ratio + z ** 2 / (2 * all)) / scale;
  const half = (z * Math.sqrt((ratio * (1 - ratio)) / all + z ** 2 / (4 * all ** 2))) / scale;
  return {
    low: part === 0 ? 0 : Math.max(0, centre - half),
    high: part === all ? 1 : Math.min(1, centre + half),
  };
}
