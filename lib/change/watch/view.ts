import 'server-only';
import { changeId } from '@/lib/core/ids';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { WatchTier } from '@/prisma/generated/client';
import { type TierState, tierStates, type WatchTierView, type WatchView } from './contract';
import { watchSentence, watchState } from './words';

const stateOf = (text: string): TierState => tierStates.find((state) => state === text) ?? 'unclear';

const tierView = (tier: WatchTier): WatchTierView => ({
  seconds: tier.seconds,
  state: stateOf(tier.state),
  dueAt: tier.dueAt.toISOString(),
  lookedAt: tier.lookedAt?.toISOString() ?? null,
  endedAt: tier.endedAt?.toISOString() ?? null,
  detail: tier.detail,
});

/** The watch of one change after it succeeded; null when it has none. */
export async function viewWatch(db: DatabaseOrTransaction, number: number): Promise<WatchView | null> {
  const rows = await db.watchTier.findMany({
    where: { changeNumber: number },
    orderBy: { seconds: 'asc' },
  });
  const last = rows.at(-1);
  if (last === undefined) return null;
  const tiers = rows.map(tierView);
  const state = watchState(tiers);
  const newer = tiers.find((tier) => tier.state === 'superseded')?.detail?.match(/c-(\d+)/)?.[1];
  const supersededBy = newer === undefined ? null : changeId(Number(newer));
  return {
    tiers,
    state,
    endsAt: last.dueAt.toISOString(),
    supersededBy,
    sentence: watchSentence({ tiers, state, supersededBy }),
  };
}
