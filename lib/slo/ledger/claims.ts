import { type ClaimEnd, horizonSeconds } from './model';
import type { Span } from './spans';

/**
 * A span for which somebody or something may be the cause. `carriedOut`: the part in which it was being done.
 * `regions` null: everywhere. A change over several regions has a claim of its own in each, all with its id, since it
 * comes to each of them at another time. `causedBy`: the claim that pays where both stand, such as the change behind
 * an incident.
 */
export type Claim = Span & {
  id: string;
  regions: readonly string[] | null;
  carriedOut: Span;
  end: ClaimEnd;
  causedBy: string | null;
};

/** What decides the window of a change in one region; one over several regions is several of these. Unix seconds. */
export type ChangeTimes = {
  number: number;
  region: string;
  /** When it came to the region. */
  startedAt: number;
  finishedAt: number | null;
  /** Its effect in the region was taken back when it ended. */
  isUndone: boolean;
  /** The number of the change that this one takes back. */
  reverts: number | null;
};

export const changeClaimId = (number: number): string => `change:${number}`;
export const entryClaimId = (entry: string): string => `entry:${entry}`;

export type ClaimTiming = {
  now: number;
  /** How far after its end a change that stayed is asked for what went wrong. */
  horizon: number;
  /** Until the counters tell of what had happened: scrape intervals after an undo. */
  settle: number;
};

/** Until when a change is the cause, whatever comes after it. */
function ownEnd(change: ChangeTimes, revert: ChangeTimes | undefined, { now, horizon, settle }: ClaimTiming) {
  const most = change.startedAt + horizonSeconds.most;
  const at = (to: number, end: ClaimEnd) =>
    to <= most ? { to, end } : { to: most, end: 'horizon' as const };
  if (revert !== undefined)
    return revert.finishedAt === null ? at(now, 'running') : at(revert.finishedAt + settle, 'undo');
  if (change.finishedAt === null) return at(now, 'running');
  return change.isUndone
    ? at(change.finishedAt + settle, 'undo')
    : at(change.finishedAt + horizon, 'horizon');
}

/**
 * The windows of changes of one service and environment: from the start to the first of the next change in the same
 * region, the end of its undo, and `horizon` after its end; never more than 24 h. A change that takes another one
 * back is the cause only of what comes after it is done: until then its failures are those of the other.
 */
export function changeClaims(changes: readonly ChangeTimes[], timing: ClaimTiming): Claim[] {
  const sorted = [...changes].sort((a, b) => a.startedAt - b.startedAt || a.number - b.number);
  const begins = ({ reverts, startedAt, finishedAt }: ChangeTimes) =>
    reverts === null ? startedAt : finishedAt === null ? null : finishedAt + timing.settle;
  return sorted.flatMap((change, index) => {
    const from = begins(change);
    if (from === null) return [];
    const later = sorted.slice(index + 1).filter(({ region }) => region === change.region);
    const revert = later.find(({ reverts }) => reverts === change.number);
    const own = ownEnd({ ...change, startedAt: from }, revert, timing);
    const next = later.find((other) => other !== revert);
    const cut = next !== undefined && next.startedAt < own.to;
    const to = Math.min(cut ? next.startedAt : own.to, Math.max(timing.now, from));
    const done = change.finishedAt ?? timing.now;
    return [
      {
        id: changeClaimId(change.number),
        regions: [change.region],
        from,
        to,
        end: cut ? 'next-change' : own.to > timing.now ? 'running' : own.end,
        carriedOut: { from: change.startedAt, to: done },
        causedBy: null,
      },
    ];
  });
}

/**
 * One claim for each id, where several regions are looked at together: from the first moment to the last in any of
 * them, and ended as the last of them ended; the regions in the order in which it came to them.
 */
export function mergeRegions(claims: readonly Claim[]): Claim[] {
  return [...Map.groupBy(claims, ({ id }) => id).values()].flatMap((all) => {
    const same = all.toSorted((a, b) => a.from - b.from);
    const [last] = same.toSorted((a, b) => b.to - a.to);
    if (last === undefined || same.length === 1) return same;
    const regions = same.map((one) => one.regions);
    return [
      {
        ...last,
        regions: regions.includes(null) ? null : [...new Set(regions.flatMap((some) => some ?? []))],
        from: Math.min(...same.map(({ from }) => from)),
        carriedOut: {
          from: Math.min(...same.map(({ carriedOut }) => carriedOut.from)),
          to: Math.max(...same.map(({ carriedOut }) => carriedOut.to)),
        },
      },
    ];
  });
}

/**
 * Claims of a group of an objective: those of its region, and those that stand everywhere. A group that is not of one
 * region has all, each once. `label` tells the regions apart; null where that is not known.
 */
export function claimsOfGroup(
  claims: readonly Claim[],
  labels: Readonly<Record<string, string>>,
  label: string | null,
): Claim[] {
  const region = label === null ? undefined : labels[label];
  return region === undefined
    ? mergeRegions(claims)
    : claims.filter(({ regions }) => regions === null || regions.includes(region));
}
