'use client';

import { cx } from '@/components/ui/class-names';
import { Panel } from '@/components/ui/panel';
import { StateGlyph } from '@/components/ui/state';
import { useNow } from '@/components/ui/time-ago';
import type { ChangeView } from '@/lib/change/contract';
import type { StepState } from '@/lib/change/model';
import { groupByRegion, scheduleOf } from '@/lib/change/staged/schedule';
import type { StagedPlan } from '@/lib/change/staged/staged-plan';
import { formatDuration } from '@/lib/core/duration';
import { stepTone } from './tone';

type StepNow = ChangeView['steps'][number];

/** Steps below their region with elapsed and usual time; the hold that runs counts its good time. */
export function StagedSteps({ view, plan }: { view: ChangeView; plan: StagedPlan }) {
  const steps = scheduleOf(plan).flatMap(({ region, title, n }) => {
    const now = view.steps.find((step) => step.n === n);
    return now === undefined ? [] : [{ region, title, now }];
  });
  // A region may come several times: maintenance mode is on everywhere before the first one migrates.
  const isUntouched = (name: string) =>
    steps.every(({ region, now }) => region !== name || now.state === 'pending');
  const done = view.steps.filter(({ state }) => state === 'done').length;
  return (
    <Panel
      title="Steps"
      note={`${done} of ${view.steps.length} done`}
      end={<span className="text-meta text-text-3">elapsed, usual</span>}
    >
      {groupByRegion(steps).map(({ region, steps: own }) => (
        <section key={own[0]?.now.n}>
          <h3 className="mono border-line border-b bg-raised px-3 py-1 font-medium text-meta max-sm:px-4">
            {region ?? 'All regions'}
            {region !== null && isUntouched(region) ? (
              <span className="font-normal text-text-3"> not touched yet</span>
            ) : null}
          </h3>
          <ol>
            {own.map(({ now, title }) => (
              <StepLine key={now.n} step={now} title={title} view={view} />
            ))}
          </ol>
        </section>
      ))}
    </Panel>
  );
}

export const stepStateWords: Record<StepState, string> = {
  pending: 'to come',
  running: 'runs',
  done: 'done',
  failed: 'failed',
  skipped: 'left out',
};

function StepLine({ step, title, view }: { step: StepNow; title: string; view: ChangeView }) {
  return (
    <li
      aria-current={step.state === 'running' ? 'step' : undefined}
      className="grid grid-cols-[16px_20px_minmax(0,1fr)_auto] gap-x-2 px-3 py-1.5 max-sm:px-4"
    >
      <StateGlyph tone={stepTone[step.state]} className="mt-0.5" />
      <span className="text-right text-text-3">{step.n}</span>
      <p
        className={cx(
          'min-w-0',
          step.state === 'pending' || step.state === 'skipped' ? 'text-text-2' : 'font-medium',
        )}
      >
        {title}
        <span className="sr-only">: {stepStateWords[step.state]}</span>
      </p>
      <p className="whitespace-nowrap text-right text-meta text-text-2">
        {step.startedAt ? <Elapsed from={step.startedAt} to={step.finishedAt} /> : null}
        {step.usualSeconds === null ? null : (
          <span className="block text-text-3">usual {formatDuration(step.usualSeconds)}</span>
        )}
      </p>
      <div className="col-span-2 col-start-3 min-w-0">
        {view.holding?.step === step.n ? (
          <HoldProgress holding={view.holding} said={view.change.hold?.sentence ?? null} />
        ) : (
          <Detail text={detailOf(step, view.change)} />
        )}
      </div>
    </li>
  );
}

const Detail = ({ text }: { text: string | null }) =>
  text === null ? null : <p className="break-words text-meta text-text-2">{text}</p>;

/**
 * What a step has to tell beside its title. On the way back its last words are of that way, not of the step; and what
 * holds the change stands above already.
 */
function detailOf(
  { detail, state }: StepNow,
  { backingOut, finishedAt, hold }: ChangeView['change'],
): string | null {
  if (detail === null || state === 'pending' || detail.startsWith('Done: ')) return null;
  if (finishedAt === null && detail === hold?.sentence) return null;
  if (backingOut && state === 'running') return `Going back: ${detail}`;
  return backingOut && state === 'failed' ? null : detail;
}

export function Elapsed({ from, to }: { from: string; to: string | null }) {
  const now = useNow();
  const end = to === null ? now : Date.parse(to);
  return (
    <span suppressHydrationWarning>{end === 0 ? '' : formatDuration((end - Date.parse(from)) / 1000)}</span>
  );
}

/** Only time with readable figures counts, so the hold may take longer than its clock says. */
function HoldProgress({
  holding,
  said,
}: {
  holding: NonNullable<ChangeView['holding']>;
  said: string | null;
}) {
  const { goodSeconds, needSeconds, isCounting, detail } = holding;
  const left = Math.max(0, Math.ceil(needSeconds - goodSeconds));
  return (
    <div className="grid gap-1 pt-0.5">
      <div
        role="progressbar"
        aria-label="Time of the hold that counts"
        aria-valuemin={0}
        aria-valuemax={Math.round(needSeconds)}
        aria-valuenow={Math.round(goodSeconds)}
        aria-valuetext={`${formatDuration(goodSeconds)} of ${formatDuration(needSeconds)}`}
        className="h-1 bg-[color-mix(in_oklab,var(--text)_9%,transparent)]"
      >
        <span
          className={isCounting ? 'block h-full bg-info' : 'block h-full bg-warn'}
          style={{ width: `${needSeconds > 0 ? Math.min(100, (100 * goodSeconds) / needSeconds) : 100}%` }}
        />
      </div>
      <p className="text-meta">
        {left === 0 ? 'The time is over' : `${formatDuration(left)} of good time left`} of{' '}
        {formatDuration(needSeconds)}
        {isCounting ? null : (
          <span className="whitespace-nowrap text-warn">
            <StateGlyph tone="warn" className="-mt-0.5 mx-1 inline-block size-3.5" />
            does not count now
          </span>
        )}
      </p>
      <Detail text={detail === said ? null : detail} />
    </div>
  );
}
