'use client';

import { formatCount, formatRatio } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ScrollX } from '@/components/ui/scroll-x';
import { StateGlyph } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import type { Staged, StagedPlan } from '@/lib/change/staged/staged-plan';
import { strategyNames } from '@/lib/change/strategies';
import { podsWord } from '@/lib/change/words';
import { formatDuration } from '@/lib/core/duration';
import { BackOutScript } from './back-out-script';
import { ObjectDiffs } from './object-diffs';
import { PlannedSteps } from './planned-steps';
import { budgetText } from './staged-timeline';

const text = 'p-3 text-text-2 max-sm:px-4';

/** The parts of a plan of several steps over several objects, in the order in which they are read. */
export function StagedParts({ plan, script }: { plan: StagedPlan; script: string | null }) {
  const back = plan.staged.back.map((step, index) => ({ ...step, n: index + 1 }));
  return (
    <>
      <Panel title="Steps" note={orderWords(plan.staged)}>
        <PlannedSteps plan={plan} />
      </Panel>
      <ForecastPanel plan={plan} />
      <Panel title="Capacity meanwhile" note="pods, by region">
        <Capacity staged={plan.staged} />
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
          {plan.undo.isKnownGood === false
            ? ` ${plan.undo.version} was not healthy either, so only a person goes back to it.`
            : ''}
        </p>
        {script === null ? null : <BackOutScript script={script} name={`back-out-${plan.service}.sh`} />}
      </Panel>
    </>
  );
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

/** What it may cost at worst, beside what is left of the budget (change-engine.md 2.8). */
function ForecastPanel({ plan }: { plan: StagedPlan }) {
  const { forecast } = plan.staged;
  const slowest = Math.max(0, ...forecast.steps.map(({ slowBurn }) => slowBurn));
  const figures =
    forecast.worst === null
      ? []
      : [
          {
            name: 'At worst',
            value: formatCount(Math.ceil(forecast.worst)),
            note:
              forecast.ofBudget === null
                ? 'requests; no budget to compare with'
                : `requests, ${budgetText(forecast.ofBudget)} of the budget`,
          },
          {
            name: 'If it burns slowly',
            value: formatCount(Math.ceil(slowest)),
            note: 'requests, what the analysis lets through in its longest step',
          },
          ...(forecast.ofRemaining === null
            ? []
            : [
                {
                  name: 'Of what is left',
                  value: budgetText(forecast.ofRemaining),
                  note: 'of the budget now',
                },
              ]),
        ];
  return (
    <Panel
      title="What it may cost in error budget"
      note={
        forecast.requestsPerSecond === null
          ? undefined
          : `${formatCount(forecast.requestsPerSecond)} requests a second`
      }
    >
      <p className={text}>{forecast.sentence}</p>
      {figures.length === 0 ? null : (
        <dl className="grid gap-x-6 gap-y-2 px-3 pb-3 max-sm:px-4 sm:grid-cols-3">
          {figures.map(({ name, value, note }) => (
            <div key={name}>
              <dt className="text-meta text-text-3">{name}</dt>
              <dd>
                <span className="font-medium text-figure tracking-tight">{value}</span>
                <span className="block text-meta text-text-2">{note}</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}

const cell = 'border-line border-b px-2 py-1.5 first:pl-3 last:pr-3';

/** Pods that serve at least and run at most: a way that drops below what is needed says so. */
function Capacity({ staged }: { staged: Staged }) {
  return (
    <ScrollX label="Capacity by region">
      <table className="w-full border-collapse">
        <caption className="sr-only">Pods needed, fewest and most, by region</caption>
        <thead>
          <tr>
            <Th>Region</Th>
            <Th end>Carry all traffic</Th>
            <Th end>Fewest serving</Th>
            <Th end>Most at once</Th>
          </tr>
        </thead>
        <tbody>
          {staged.capacity.map(({ region, need, lowest, highest }) => (
            <tr key={region}>
              <th scope="row" className={`${cell} mono text-left font-normal`}>
                {region}
              </th>
              <td className={`${cell} text-right`}>{need}</td>
              <td className={`${cell} text-right`}>
                {lowest < need ? (
                  <span className="text-warn">
                    <StateGlyph tone="warn" className="-mt-0.5 mr-1 inline-block size-3.5" />
                    {lowest}, {podsWord(need - lowest)} short
                  </span>
                ) : (
                  lowest
                )}
              </td>
              <td className={`${cell} text-right`}>{highest}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
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
        {plan.to.version} fails when more than {formatRatio(maxErrorRatio, 0)} of its requests fail, or{' '}
        {formatRatio(maxExcessRatio)} more than of {plan.from.version} in the same window, judged from{' '}
        {minRequests} requests on.{' '}
        {plan.undo.isKnownGood === false ? 'It is held for a person' : 'It goes back by itself'} on the{' '}
        {nth(failsInRow)} failed reading in a row or the {nth(failsInAll)} in all. The first reading counts{' '}
        {formatDuration(first.settleSeconds)} after the weights; without a verdict for{' '}
        {formatDuration(first.graceSeconds)} it waits for a person.
      </p>
    </Panel>
  );
}

const nth = (n: number): string =>
  `${n}${n % 100 > 10 && n % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
