import * as z from 'zod/mini';
import { ChangeId } from '@/lib/core/ids';

const At = z.iso.datetime();

/** `regressed`: worse than before the change. `unclear`: the figures could not be read when it ended. */
export const tierStates = ['open', 'good', 'regressed', 'unclear', 'superseded'] as const;
export type TierState = (typeof tierStates)[number];

/** One look at a deploy so long after its end (CLS-05). */
export const WatchTierView = z.object({
  seconds: z.int().check(z.describe('After the end of the change')),
  state: z.enum(tierStates),
  dueAt: At,
  lookedAt: z.nullable(At).check(z.describe('The latest look; null: none yet')),
  endedAt: z.nullable(At),
  detail: z.nullable(z.string()),
});
export type WatchTierView = z.infer<typeof WatchTierView>;

/** The watch after a change has succeeded. It is over when its longest tier is. */
export const WatchView = z.object({
  tiers: z.array(WatchTierView),
  state: z.enum(tierStates).check(z.describe('Of the whole watch: regressed as soon as one tier is')),
  endsAt: At,
  supersededBy: z.nullable(ChangeId).check(z.describe('A newer change of the version at the same place')),
  sentence: z.string(),
});
export type WatchView = z.infer<typeof WatchView>;
