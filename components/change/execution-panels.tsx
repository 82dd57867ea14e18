'use client';

import { Panel } from '@/components/ui/panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { StateGlyph } from '@/components/ui/state';
import { Time } from '@/components/ui/time-ago';
import type { ChangeView } from '@/lib/change/contract';
import { isStaged } from '@/lib/change/staged/staged-plan';
import { formatDuration } from '@/lib/core/duration';
import { AnalysisPanel } from './analysis-panel';
import { CopyPanel } from './copy-panel';
import { SessionPart } from './data-plan';
import { GuardPanel } from './guard-panel';
import { InRecord } from './readings-text';
import { RestorePanel } from './restore-panel';
import { Elapsed, StagedSteps } from './staged-steps';
import { stepTone } from './tone';
import { TrafficPanel } from './traffic-panel';
import { VerdictPanel } from './verdict-panel';

/** Steps at the left; guard, rollout and log at the right. */
export function ExecutionPanels({ view }: { view: ChangeView }) {
  const { plan } = view;
  if (isStaged(plan)) {
    return (
      <>
        <VerdictPanel view={view} plan={plan} />
        <div className="grid items-start gap-4 md:grid-cols-[336px_minmax(0,1fr)]">
          <StagedSteps view={view} plan={plan} />
          <div className="grid min-w-0 gap-4">
            <AnalysisPanel view={view} plan={plan} />
            <TrafficPanel view={view} />
            <ExecutionLog view={view} />
          </div>
        </div>
      </>
    );
  }
  if (plan.data !== undefined) {
    return (
      <div className="grid items-start gap-4 md:grid-cols-[336px_minmax(0,1fr)]">
        <Steps view={view} />
        <div className="grid min-w-0 gap-4">
          {plan.data.do === 'backup' ? <CopyPanel copy={view.copy} data={plan.data} /> : null}
          {plan.data.do === 'end-session' ? <SessionPart data={plan.data} /> : null}
          {plan.data.do === 'restore' ? <RestorePanel view={view} data={plan.data} /> : null}
          <ExecutionLog view={view} />
        </div>
      </div>
    );
  }
  return (
    <>
      <GuardPanel view={view} />
      <div className="grid items-start gap-4 md:grid-cols-[336px_minmax(0,1fr)]">
        <Steps view={view} />
        <div className="grid min-w-0 gap-4">
          <Rollout view={view} />
          <ExecutionLog view={view} />
        </div>
      </div>
    </>
  );
}

function Steps({ view }: { view: ChangeView }) {
  return (
    <Panel title="Steps" end={<span className="text-meta text-text-3">elapsed, usual</span>}>
      <ol>
        {view.steps.map((step) => (
          <li key={step.n} className="grid grid-cols-[16px_minmax(0,1fr)_auto] gap-2 px-3 py-2 max-sm:px-4">
            <StateGlyph tone={stepTone[step.state]} className="mt-0.5" />
            <div className="min-w-0">
              <p className={step.state === 'pending' ? 'text-text-2' : 'font-medium'}>
                {step.title}
                <span className="sr-only">: {step.state}</span>
              </p>
              {step.detail ? <p className="break-words text-text-2">{step.detail}</p> : null}
            </div>
            <p className="text-right text-meta text-text-2">
              {step.startedAt ? <Elapsed from={step.startedAt} to={step.finishedAt} /> : null}
              {step.usualSeconds === null ? null : (
                <span className="block text-text-3">usual {formatDuration(step.usualSeconds)}</span>
              )}
            </p>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Rollout({ view }: { view: ChangeView }) {
  const { rollout, plan } = view;
  if (rollout.state === 'missing') {
    return (
      <Panel title="Pods now">
        <ReadingNote reading={rollout} what="Pods" />
      </Panel>
    );
  }
  const { value } = rollout;
  const all = Math.max(
    1,
    value.runningVersions.reduce((sum, each) => sum + each.pods, 0),
  );
  return (
    <Panel
      title="Pods now"
      note={`${value.updated} of ${value.desired} on ${view.change.backingOut ? plan.undo.version : plan.to.version}${value.paused ? ', paused' : ''}`}
    >
      <ReadingNote reading={rollout} what="Pods" />
      <div className="grid gap-2 p-3 max-sm:px-4">
        {value.runningVersions.map((each) => (
          <div key={each.version} className="grid grid-cols-[96px_minmax(0,1fr)_auto] items-center gap-3">
            <span className="mono truncate">{each.version}</span>
            <span
              aria-hidden
              className="h-2.5 rounded-[1px] bg-[color-mix(in_oklab,var(--text)_9%,transparent)]"
            >
              <span
                className={
                  each.version === plan.to.version ? 'block h-full bg-accent' : 'block h-full bg-stable'
                }
                style={{ width: `${(100 * each.pods) / all}%` }}
              />
            </span>
            <span className="text-text-2">
              {each.ready} of {each.pods} ready
            </span>
          </div>
        ))}
      </div>
    </Panel>
  );
}

function ExecutionLog({ view }: { view: ChangeView }) {
  const newestFirst = [...view.observations].reverse();
  // Numbered without a gap: the oldest line that came tells how many there were before it.
  const older = (view.observations[0]?.seq ?? 1) - 1;
  return (
    <Panel title="Log" note="newest first">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <ol className="max-h-96 overflow-y-auto py-1" tabIndex={0} aria-label="Execution log">
        {newestFirst.map((line) => (
          <li
            key={line.seq}
            className="grid grid-cols-[60px_64px_minmax(0,1fr)] gap-2 px-3 py-0.5 max-sm:grid-cols-[60px_minmax(0,1fr)] max-sm:px-4"
          >
            <Time at={line.at} className="mono text-text-3" />
            <span className="text-text-3 max-sm:hidden">{line.kind}</span>
            <span className="min-w-0 whitespace-pre-line break-words">{line.sentence}</span>
          </li>
        ))}
      </ol>
      <InRecord shown={newestFirst.length} older={older} className="px-3 py-1.5 max-sm:px-4" />
    </Panel>
  );
}
