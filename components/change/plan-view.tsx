'use client';

import { Copyable } from '@/components/ui/copyable';
import { DiffTable } from '@/components/ui/diff-table';
import { formatRatio } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { StateGlyph } from '@/components/ui/state';
import { Time } from '@/components/ui/time-ago';
import { roleNames } from '@/lib/access/model';
import type { DeployPlan } from '@/lib/change/contract';
import { rolloutCapacity } from '@/lib/change/rollout-capacity';
import { isStaged } from '@/lib/change/staged/staged-plan';
import { undoWords, whatOf } from '@/lib/change/words';
import { formatDuration } from '@/lib/core/duration';
import { BackOutScript } from './back-out-script';
import { DataParts } from './data-plan';
import { PlanSteps } from './plan-steps';
import { StagedParts } from './staged-plan';

type PlanPartsProps = { plan: DeployPlan; planHash: string; script: string | null };

/** The frozen plan: the same parts where it is made, where it is signed and where it runs. */
export function PlanParts({ plan, planHash, script }: PlanPartsProps) {
  return (
    <>
      <KindParts plan={plan} script={script} />
      <Signed plan={plan} planHash={planHash} />
    </>
  );
}

function KindParts({ plan, script }: Pick<PlanPartsProps, 'plan' | 'script'>) {
  if (isStaged(plan)) return <StagedParts plan={plan} script={script} />;
  return plan.data === undefined ? (
    <RolloutParts plan={plan} script={script} />
  ) : (
    <DataParts plan={plan} data={plan.data} />
  );
}

/** One write of one Deployment and its rollout. */
function RolloutParts({ plan, script }: Pick<PlanPartsProps, 'plan' | 'script'>) {
  return (
    <>
      <Panel title="What changes in the cluster" note="server-side dry run">
        <DiffTable lines={plan.diff} caption="Changed fields" />
      </Panel>
      <Panel title="Steps" note={plan.kind === 'scale' ? `${plan.replicas} pods now` : rolloutCapacity(plan)}>
        <PlanSteps plan={plan} />
      </Panel>
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

function Signed({ plan, planHash }: { plan: DeployPlan; planHash: string }) {
  const usual = plan.policy.signOffs.filter((role) => !plan.gate?.signOffs.includes(role));
  return (
    <Panel title="What is signed">
      <dl className="grid gap-x-4 gap-y-1 p-3 max-sm:px-4 sm:grid-cols-[140px_minmax(0,1fr)]">
        <dt className="text-text-3">Plan</dt>
        <dd>
          <Copyable text={planHash} shown={planHash.slice(0, 16)} />
        </dd>
        <SignedObjects plan={plan} />
        {plan.to.digest === undefined || plan.data !== undefined ? null : (
          <>
            <dt className="text-text-3">Image</dt>
            <dd>
              <Copyable text={plan.to.digest} shown={plan.to.digest.slice(0, 19)} />
            </dd>
          </>
        )}
        <dt className="text-text-3">Sign-offs</dt>
        <dd>
          {usual.map((role) => roleNames[role]).join(', ')}{' '}
          <span className="text-text-3">(policy {plan.policy.id})</span>
        </dd>
        {plan.gate === undefined ? null : <BudgetSignOffs gate={plan.gate} />}
      </dl>
    </Panel>
  );
}

function SignedObjects({ plan }: { plan: DeployPlan }) {
  const { target, cluster, data, staged } = plan;
  const workload = `Deployment ${target.namespace}/${target.name} in ${cluster}`;
  if (data !== undefined) {
    return (
      <>
        <dt className="text-text-3">Database</dt>
        <dd className="break-words">
          {data.name} <span className="mono">{data.database}</span>
        </dd>
        <dt className="text-text-3">Locked meanwhile</dt>
        <dd className="mono break-words">{workload}</dd>
      </>
    );
  }
  return (
    <>
      <dt className="text-text-3">{staged === undefined ? 'Object' : 'Objects'}</dt>
      <dd className="mono break-words">
        {staged === undefined
          ? workload
          : staged.objects.map(({ key, kind, namespace, name, cluster: on }) => (
              <span key={key} className="block">
                {kind} {namespace}/{name} in {on}
              </span>
            ))}
      </dd>
    </>
  );
}

/** Who signs because of the error budget, and what it was when the plan was made. */
function BudgetSignOffs({ gate }: { gate: NonNullable<DeployPlan['gate']> }) {
  return (
    <>
      <dt className="text-text-3">Error budget</dt>
      <dd>
        {gate.signOffs.length === 0 ? null : (
          <span className="text-hold">
            <StateGlyph tone="hold" className="-mt-0.5 mr-1 inline-block size-3.5" />
            also {gate.signOffs.map((role) => roleNames[role]).join(', ')}
            {'. '}
          </span>
        )}
        <span className="text-text-2">{gate.sentence}</span>{' '}
        <span className="text-text-3">
          read <Time at={gate.at} parts="short" />
        </span>
      </dd>
    </>
  );
}
