'use client';

import { Copyable } from '@/components/ui/copyable';
import { Panel } from '@/components/ui/panel';
import { StateGlyph } from '@/components/ui/state';
import { Time } from '@/components/ui/time-ago';
import { roleNames } from '@/lib/access/model';
import type { DeployPlan } from '@/lib/change/contract';
import { isStaged } from '@/lib/change/staged/staged-plan';
import { DataParts } from './data-plan';
import { RolloutParts } from './rollout-plan';
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
