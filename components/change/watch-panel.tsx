'use client';

import { ButtonLink } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { StateText, type Tone } from '@/components/ui/state';
import { Time } from '@/components/ui/time-ago';
import type { ChangeView, DeployPlan } from '@/lib/change/contract';
import { planQueryOf } from '@/lib/change/plan-from';
import type { TierState, WatchTierView } from '@/lib/change/watch/contract';
import { tierStateWords, tierWords } from '@/lib/change/watch/words';
import { paths } from '@/lib/core/paths';

const tone: Record<TierState, Tone> = {
  open: 'info',
  good: 'ok',
  regressed: 'crit',
  unclear: 'warn',
  superseded: 'unknown',
};

/** How the new version does for a week where it stayed (CLS-05), and the way back when it does badly. */
export function WatchPanel({ view }: { view: ChangeView }) {
  const { watch, plan } = view;
  if (watch === null) return null;
  const kept = view.change.outcome?.kept ?? [];
  const where = kept.length === 0 ? '' : `Of ${kept.join(', ')}, where the new version stayed. `;
  const seen = watch.tiers.find(({ state }) => state === 'regressed') ?? latestOf(watch.tiers);
  return (
    <Panel
      title="Watch"
      note={`${where}${watch.sentence}`}
      end={
        watch.state === 'regressed' ? (
          <ButtonLink href={wayBack(plan, kept)}>Plan the way back to {plan.undo.version}…</ButtonLink>
        ) : null
      }
    >
      <ol className="grid gap-px bg-line lg:grid-flow-col lg:auto-cols-fr">
        {watch.tiers.map((tier, index) => (
          <Tier key={tier.seconds} tier={tier} isNext={isNext(watch.tiers, index)} />
        ))}
      </ol>
      {seen?.detail ? (
        <p className="border-line border-t px-3 py-2 text-text-2 max-sm:px-4">
          {tierWords(seen.seconds)}: {seen.detail}
        </p>
      ) : null}
    </Panel>
  );
}

function Tier({ tier, isNext }: { tier: WatchTierView; isNext: boolean }) {
  const isWaiting = tier.state === 'open' && !isNext;
  return (
    <li className="flex min-w-0 flex-wrap items-baseline gap-x-3 bg-surface px-3 py-2 max-sm:px-4 lg:block">
      <p className="min-w-16 font-medium">{tierWords(tier.seconds)}</p>
      <p>
        <StateText tone={isWaiting ? 'unknown' : tone[tier.state]}>
          {isWaiting ? 'Waits' : tierStateWords[tier.state]}
        </StateText>
      </p>
      <p className="text-meta text-text-3 max-lg:ml-auto">
        {tier.endedAt === null ? 'due ' : ''}
        <Time at={tier.endedAt ?? tier.dueAt} parts="short" />
      </p>
    </li>
  );
}

/** The tier that is under way: the first that is not over. */
const isNext = (tiers: readonly WatchTierView[], index: number): boolean =>
  tiers.findIndex(({ state }) => state === 'open') === index;

/** The tier that was looked at last. */
const latestOf = (tiers: readonly WatchTierView[]): WatchTierView | undefined =>
  tiers
    .filter(({ lookedAt }) => lookedAt !== null)
    .toSorted((a, b) => (a.lookedAt ?? '').localeCompare(b.lookedAt ?? ''))
    .at(-1);

/** The form of a rollback that says already where to: the other colour, or the revision that ran before. */
function wayBack(plan: DeployPlan, kept: readonly string[]): string {
  const { service, environment, staged, undo } = plan;
  const all = kept.length > 0 ? kept : (staged?.regions ?? []);
  const place = { kind: 'rollback', service, environment, region: all[0] ?? plan.region } as const;
  const regions = all.length < 2 ? {} : { regions: [...all] };
  return paths.newChange(
    'rollback',
    planQueryOf(staged === undefined ? { ...place, replicaSet: undo.replicaSet } : { ...place, ...regions }),
  );
}
