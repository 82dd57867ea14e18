import { changeId } from '@/lib/core/ids';
import type { RevisionFact, Standing } from './standing';
import { standingsOf } from './standing';

/** What the record of a place says of its revisions. */
export type RevisionRecord = {
  /** Oldest first. */
  facts: readonly RevisionFact[];
  /** The newest change of the version, when it put back what ran before. */
  putBack: { change: number; release: string } | null;
};

/** A revision that the cluster still has. */
export type Kept = { replicaSet: string; revision: string | null; version: string; release: string | null };

export type LastKnownGood =
  | { state: 'found'; kept: Kept; standing: Standing; sentence: string }
  | { state: 'none' | 'gone' | 'runs'; sentence: string; next: string };

const byAge = (left: Kept, right: Kept): number => Number(right.revision ?? 0) - Number(left.revision ?? 0);
const minute = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** "1.8.0 (c-12 brought it and its watch ended well, since 2026-11-21 14:03 UTC)" */
const named = ({ version, why, since }: Standing): string => `${version} (${why}, since ${minute(since)})`;

/**
 * The last known good revision but what runs now (architecture.md 3): the one that the newest fact calls good. Never an
 * older one in its place, and never further back than what a change has just put back: that is for a person to name.
 * `current`: the release that the Deployment asks for now.
 */
export function lastKnownGood(
  { facts, putBack }: RevisionRecord,
  kept: readonly Kept[],
  current: string | null,
): LastKnownGood {
  const standings = standingsOf(facts);
  const running = current === null ? undefined : standings.get(current);
  if (putBack !== null && putBack.release === current && running?.grade === 'good') {
    return {
      state: 'runs',
      sentence: `What runs now is the last known good, ${named(running)}: ${changeId(putBack.change)} put it back.`,
      next: 'To go back further, choose a revision by name.',
    };
  }
  const good = [...standings]
    .filter(([release, { grade }]) => grade === 'good' && release !== current)
    .sort(([, left], [, right]) => right.order - left.order);
  const [newest] = good;
  if (newest === undefined) {
    return {
      state: 'none',
      sentence:
        'No earlier revision is known to be good: by the record of this console none was brought by a change whose watch ended well, and none served with passing requests before one.',
      next: 'Choose a revision by name and read what the plan changes, or deploy a version anew.',
    };
  }
  const [release, standing] = newest;
  const [found] = kept.filter((one) => one.release === release).toSorted(byAge);
  if (found !== undefined) {
    return { state: 'found', kept: found, standing, sentence: `The last known good is ${named(standing)}.` };
  }
  const older = kept.filter((one) => good.some(([known]) => known === one.release)).toSorted(byAge);
  const others = older.map(({ version, replicaSet }) => `${version} (${replicaSet})`).join(', ');
  return {
    state: 'gone',
    sentence: `The last known good, ${named(standing)}, is not in the history of the cluster any more.`,
    next: `Deploy ${standing.version} anew, or choose another revision by name${others === '' ? '' : `. Known to be good are: ${others}`}.`,
  };
}

/** With a pair what ran before stands on the other colour, and a rollout of the live one is the longer way. */
export const goodOfPair = (
  serviceName: string,
  region: string,
): Exclude<LastKnownGood, { state: 'found' }> => ({
  state: 'none',
  sentence: `${serviceName} has a pair of colours in ${region}: the version before is on the other colour, not among the revisions of the one that takes the requests.`,
  next: 'Switch back to the other colour, or choose a revision by name.',
});
