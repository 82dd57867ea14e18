'use client';

import { DiffTable } from '@/components/ui/diff-table';
import { formatRatio } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import type { DeployPlan } from '@/lib/change/contract';
import { rolloutCapacity } from '@/lib/change/rollout-capacity';
import { undoWords, whatOf } from '@/lib/change/words';
import { formatDuration } from '@/lib/core/duration';
import { BackOutScript } from './back-out-script';
import { ForecastPanel } from './forecast-panel';
import { PlanSteps } from './plan-steps';

/** One write of one Deployment and its rollout. */
export function RolloutParts({ plan, script }: { plan: DeployPlan; script: string | null }) {
  return (
    <>
      <Panel title="What changes in the cluster" note="server-side dry run">
        <DiffTable lines={plan.diff} caption="Changed fields" />
      </Panel>
      <Panel title="Steps" note={plan.kind === 'scale' ? `${plan.replicas} pods now` : rolloutCapacity(plan)}>
        <PlanSteps plan={plan} />
      </Panel>
      {plan.forecast === undefined ? null : <ForecastPanel forecast={plan.forecast} />}
      <Panel title="Guard">
        <p className="p-3 text-text-2 max-sm:px-4">
          <GuardSentence plan={plan} />
        </p>
      </Panel>
      <Panel title="Undo">
        <p className="p-3 text-text-2 max-sm:px-4">
          {plan.kind === 'scale' ? 'Back' : 'A rollout back'} to{' '}
          <span className="mono text-text">{undoWords(whatOf(plan))}</span> (ReplicaSet{' '}
          <span className="mono">{plan.undo.replicaSet}</span>). It takes about as long as the change itself
          and needs no new sign-off while the change runs or is watched.
        </p>
        {script === null ? null : <BackOutScript script={script} name={`back-out-${plan.service}.sh`} />}
      </Panel>
    </>
  );
}

function GuardSentence({ plan }: { plan: DeployPlan }) {
  const { guard, to } = plan;
  if (guard.judges === false)
    return 'It takes no requests, so there is nothing to judge: its pods are watched.';
  return (
    <>
      {whatOf(plan).undoIsKnownGood ? 'Goes back by itself' : 'Holds for a person'} when more than{' '}
      {formatRatio(guard.maxErrorRatio, 0)} of {to.version}'s own requests of the last{' '}
      {formatDuration(guard.windowSeconds)} fail, judged from {guard.minRequests} requests on. Without a
      verdict for {formatDuration(guard.graceSeconds)}{' '}
      {plan.kind === 'rollback' ? 'it goes on' : 'it holds the rollout where it is'}.
    </>
  );
}
