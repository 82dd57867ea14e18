import { burnSpans } from '../math/burn';
import { emptyTally, type Tally } from '../math/counts';
import type { GroupLabels } from '../model';
import type { Past } from './kept';
import type { Known, Measured } from './state';
import { joinGroups, type Recorded, tallyBetween } from './tallies';

const hour = 3600;
/** Hours younger than this may still change. */
const settle = 900;

/** An objective with its recorded groups, before anything is summed. */
export type Draft = Omit<Known, 'whole' | 'groups'> & { found: { groupId: number; labels: GroupLabels }[] };

/** Where the tail of the hours begins at a moment. */
export const tailFrom = (to: number): number => Math.floor((to - settle) / hour) * hour;

/** What is known of groups together in a span, and hour by hour before the tail. */
export type Sources = {
  tally: (groupIds: readonly number[], from: number, to: number) => Tally;
  past: (groupIds: readonly number[]) => Past | null;
};

function measuredOf({ to, bounds }: Draft, ids: readonly number[], { tally, past }: Sources): Measured {
  const spans = new Map(burnSpans.map((seconds) => [seconds, tally(ids, to - seconds, to)]));
  return {
    window: tally(ids, bounds.from, to),
    span: (seconds) => spans.get(seconds) ?? emptyTally(seconds),
    past: () => past(ids),
  };
}

/** An objective and its groups with what is known of them. */
export function knownOf(draft: Draft, sources: Sources): Known {
  const { found, ...rest } = draft;
  return {
    ...rest,
    whole: measuredOf(
      draft,
      found.map(({ groupId }) => groupId),
      sources,
    ),
    groups: found.map(({ groupId, labels }) => ({
      groupId,
      key: keyOf(labels),
      labels,
      measured: measuredOf(draft, [groupId], sources),
    })),
  };
}

const keyOf = (labels: GroupLabels): string =>
  Object.keys(labels)
    .sort()
    .map((name) => `${name}=${labels[name]}`)
    .join(',');

/** From single buckets: where something is excluded, or slices of time are judged, sums cannot be taken apart. */
export function sourcesOfRecorded({ to, bounds }: Draft, all: ReadonlyMap<number, Recorded>): Sources {
  const tally: Sources['tally'] = (ids, from, until) =>
    joinGroups(
      ids.flatMap((id) => {
        const recorded = all.get(id);
        return recorded === undefined ? [] : [tallyBetween(recorded, from, until)];
      }),
      until - from,
    );
  const past: Sources['past'] = (ids) => {
    const start = Math.floor(bounds.from / hour) * hour;
    const length = Math.max(0, (tailFrom(to) - start) / hour);
    const hours = Array.from({ length }, (_, index) => {
      const end = start + (index + 1) * hour;
      return { end, counts: tally(ids, end - hour, end).counts, method: null };
    });
    return { hours, tail: tally(ids, tailFrom(to), to) };
  };
  return { tally, past };
}
