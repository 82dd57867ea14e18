'use client';

import { formatRatio } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import type { Staged, StagedPlan } from '@/lib/change/staged/staged-plan';
import { strategyNames } from '@/lib/change/strategies';
import { whatOf } from '@/lib/change/words';
import { formatDuration } from '@/lib/core/duration';
import { BackOutScript } from './back-out-script';
import { CapacityTable } from './capacity-table';
import { ForecastPanel } from './forecast-panel';
import { ObjectDiffs } from './object-diffs';
import { PlannedSteps } from './planned-steps';

const text = 'p-3 text-text-2 max-sm:px-4';

/** The parts of a plan of several steps over several objects, in the order in which they are read. */
export function StagedParts({ plan, script }: { plan: StagedPlan; script: string | null }) {
  const back = plan.staged.back.map((step, index) => ({ ...step, n: index + 1 }));
  return (
    <>
      <Panel title="Steps" note={orderWords(plan.staged)}>
        <PlannedSteps plan={plan} />
      </Panel>
      <ForecastPanel forecast={plan.staged.forecast} />
      <Panel title="Capacity meanwhile" note="pods, by region">
        <CapacityTable rows={plan.staged.capacity} />
      </Panel>
      <Panel title="What changes in the cluster" note="server-side dry run of every object">
        <ObjectDiffs diff={plan.diff} objects={plan.staged.objects} caption="Changed fields" />
      </Panel>
      <AnalysisPanel plan={plan} />
      <Panel title="Way back" note="no new sign-off while it runs or is watched">
        <ol>
          {back.map((step) => (
            <li
              key={`${step.do} ${step.object} ${step.n}`}
              className="grid grid-cols-[20px_minmax(0,1fr)_auto] gap-2 border-line border-b px-3 py-1.5 last:border-b-0 max-sm:px-4"
            >
              <span className="text-text-3">{step.n}</span>
              <span>{step.title}</span>
              <span className="whitespace-nowrap text-text-2">
                {step.do === 'drain' ? formatDuration(step.seconds) : ''}
              </span>
            </li>
          ))}
        </ol>
        <p className="border-line border-t px-3 py-2 text-meta text-text-3 max-sm:px-4">
          What was never written is left out.
          {pastMigration(plan)}
          {onlyByPerson(plan)}
        </p>
        {script === null ? null : <BackOutScript script={script} name={`back-out-${plan.service}.sh`} />}
      </Panel>
    </>
  );
}

function onlyByPerson(plan: StagedPlan): string {
  if (plan.kind === 'rollback') return ' Only a person undoes a rollback.';
  return whatOf(plan).undoIsKnownGood
    ? ''
    : ` ${plan.undo.version} was not healthy either, so only a person goes back to it.`;
}

/** What the steps above cannot put back. */
function pastMigration({ staged, undo }: StagedPlan): string {
  const job = staged.steps.find((step) => step.do === 'job');
  if (job?.do !== 'job') return '';
  const alone = job.class === 'reversible' ? '' : ' Once it is complete, only a person orders this way back.';
  return ` The migration is not undone: ${undo.version} has to work with the new schema.${alone}`;
}

const onFailureWords: Record<Staged['onFailure'], string> = {
  'back-out-all': 'when one fails, finished ones go back too',
  'keep-finished': 'when one fails, finished ones keep the new version',
};

function orderWords({ strategy, regions, onFailure }: Staged): string {
  const order = regions.length === 1 ? (regions[0] ?? '') : `first ${regions.join(', then ')}`;
  const failure = regions.length === 1 ? '' : `; ${onFailureWords[onFailure]}`;
  return `${strategyNames[strategy]}, ${order}${failure}`;
}

/** How the new version is judged; regions are judged alike unless their clusters differ in scraping. */
function AnalysisPanel({ plan }: { plan: StagedPlan }) {
  const [first] = plan.staged.analysis;
  if (first === undefined) return null;
  const { maxErrorRatio, maxExcessRatio, failsInRow, failsInAll, minRequests } = first;
  return (
    <Panel
      title="Analysis"
      note={`every ${formatDuration(first.intervalSeconds)}, over ${formatDuration(first.windowSeconds)}`}
    >
      <p className={text}>
        {plan.to.version} fails when more than {formatRatio(maxErrorRatio, 0)} of its requests fail, or when
        the part that fails is more than {pointsText(maxExcessRatio)} above that of {plan.from.version} in the
        same window, judged from {minRequests} requests on.{' '}
        {whatOf(plan).undoIsKnownGood ? 'It goes back by itself' : 'It is held for a person'} on the{' '}
        {nth(failsInRow)} failed reading in a row or the {nth(failsInAll)} in all. The first reading counts{' '}
        {formatDuration(first.settleSeconds)} after the weights; without a verdict for{' '}
        {formatDuration(first.graceSeconds)}{' '}
        {plan.kind === 'rollback' ? 'it goes on' : 'it waits for a person'}.
      </p>
    </Panel>
  );
}

/** A difference of two parts: 1 percentage point. */
function pointsText(ratio: number): string {
  const points = Math.round(ratio * 1000) / 10;
  return `${points} percentage ${points === 1 ? 'point' : 'points'}`;
}

const nth = (n: number): string =>
  `${n}${n % 100 > 10 && n % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
