import { DiffTable } from '@/components/ui/diff-table';
import type { ChangeView, DiffLine } from '@/lib/change/contract';
import { abortedMigration } from '@/lib/change/migration-words';
import { type AbortNow, abortNow } from '@/lib/change/staged/abort';
import type { StagedPlan } from '@/lib/change/staged/staged-plan';
import { readingValue } from '@/lib/core/reading';
import { shareText } from './staged-timeline';

export type AbortWords = { sentence: string; note: string; now: AbortNow };

/** The colour that had the requests before, where the cluster shows which; the version says the rest. */
function oldColour({ traffic }: ChangeView): string {
  const names = traffic.flatMap(({ colours }) =>
    (readingValue(colours) ?? []).flatMap(({ part, colour }) => (part === 'old' ? [colour] : [])),
  );
  const [first, ...others] = new Set(names);
  return first !== undefined && others.length === 0 ? `${first} ` : '';
}

/** The part of the requests that the new version has now, whoever gave it: a stranger's edit is what an abort ends. */
const newShares = ({ traffic }: ChangeView): Map<string, number> =>
  new Map(
    traffic.flatMap(({ region, colours }) =>
      (readingValue(colours) ?? []).flatMap(({ part, share }): [string, number][] =>
        part === 'new' && share !== null ? [[region, share]] : [],
      ),
    ),
  );

/** Regions whose requests are refused now, for a migration that this change runs. */
export const refusedNow = (view: ChangeView, plan: StagedPlan): string[] =>
  view.change.finishedAt === null && !view.change.backingOut ? abortNow(plan, view.steps).refused : [];

const list = (regions: readonly string[]): string => new Intl.ListFormat('en-GB').format([...regions]);

/** What Abort does at this moment of a change of several steps, in a sentence. */
export function abortWords(view: ChangeView, plan: StagedPlan): AbortWords {
  const now = abortNow(plan, view.steps, newShares(view));
  const keeps =
    now.kept.length === 0
      ? ''
      : ` ${list(now.kept)} keep${now.kept.length === 1 ? 's' : ''} ${plan.to.version}.`;
  const left = abortedMigration(plan, view.steps);
  const leaves = left === null ? '' : ` ${left}`;
  if (now.back.length === 0) {
    return {
      sentence: 'Abort: ends the change; nothing was written yet',
      note: `No object is touched.${keeps}`,
      now,
    };
  }
  const answered =
    now.refused.length === 0 ? '' : `has the requests answered again in ${list(now.refused)}, then `;
  if (!now.reroutes) {
    const stops =
      now.pods.length === 0
        ? `puts back what was changed in ${list(now.back)}`
        : `stops the new pods of ${plan.to.version} in ${list(now.pods)}`;
    return {
      sentence: `Abort: ${answered}${stops}`,
      note: `No request was sent to ${now.pods.length === 0 ? 'a new pod' : 'them'}.${keeps}${leaves}`,
      now,
    };
  }
  const refused = now.refused.length === 0 ? '' : ` Maintenance mode ends in ${list(now.refused)}.`;
  const parts = plan.staged.shares.filter(({ region }) => now.back.includes(region));
  const all = parts.every(({ before }) => before === 0);
  const what = all
    ? 'all requests'
    : `${[...new Set(parts.map(({ before }) => shareText(1 - before)))].join(' and ')} of the requests`;
  const order = now.back.length === 1 ? (now.back[0] ?? '') : `first ${now.back.join(', then ')}`;
  return {
    sentence: `Abort: sends ${what} back to ${oldColour(view)}${plan.undo.version}`,
    note: `In ${order}: the requests first, then the new pods.${refused}${keeps}${leaves}`,
    now,
  };
}

/** The same of a change of one Deployment. */
export const AbortLines = ({ lines }: { lines: DiffLine[] }) =>
  lines.length === 0 ? null : (
    <section className="mt-1 overflow-hidden rounded-control border border-line">
      <DiffTable lines={lines} caption="What becomes of the Deployment" />
    </section>
  );

/** Each object that goes back: what it is now, and what it becomes again. The dialog scrolls: nothing is cut off. */
export const AbortDiff = ({ now }: { now: AbortNow }) => (
  <div className="mt-1 grid gap-2">
    {now.objects
      .filter(({ lines }) => lines.length > 0)
      .map(({ object, lines }) => (
        <section key={object.key} className="overflow-hidden rounded-control border border-line">
          <h3 className="mono bg-raised px-3 py-1 text-meta text-text">
            {object.kind} {object.name}, {object.region}
          </h3>
          <DiffTable
            compact
            lines={lines}
            caption={`What becomes of ${object.kind} ${object.name} in ${object.region}`}
          />
        </section>
      ))}
  </div>
);
