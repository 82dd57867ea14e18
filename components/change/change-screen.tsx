'use client';

import { useQuery } from '@tanstack/react-query';
import { ButtonLink } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { changeQuery } from '@/lib/change/client';
import type { ChangeView } from '@/lib/change/contract';
import { outcomeOf } from '@/lib/change/history/model';
import { isExecuting } from '@/lib/change/model';
import { planAgainQuery } from '@/lib/change/plan-again';
import { paths } from '@/lib/core/paths';
import { type Problem, toProblem } from '@/lib/http/client';
import { ChangeHead } from './change-head';
import { ChecksPanel } from './checks-panel';
import { DriftPanel } from './drift-panel';
import { ExecutionPanels } from './execution-panels';
import { IncidentPanel } from './incident-panel';
import { PlanParts } from './plan-view';
import { RecordLinks } from './record-links';
import { ReviewPanel } from './review-panel';
import { SignBar } from './sign-bar';
import { SignOffPanel } from './sign-off-panel';
import { StatementBar } from './statement-bar';
import { SteerBar } from './steer-bar';
import { WatchPanel } from './watch-panel';

/** One change from request to outcome: the same address shows plan, sign-off, execution and verdict. */
export function ChangeScreen({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(changeQuery(id));
  if (!data) {
    return (
      <>
        <h1 className="sr-only">Change {id}</h1>
        <Panel title={id}>
          {error ? (
            <Unread problem={toProblem(error)} onRetry={() => void refetch()} />
          ) : (
            <SkeletonRows rows={6} label="the change" />
          )}
        </Panel>
      </>
    );
  }
  const { change } = data;
  const started = change.startedAt !== null;
  return (
    <>
      <ChangeHead view={data} />
      <PlanAgain view={data} />
      <div className="mt-4 grid gap-4">
        <ReviewPanel view={data} />
        <WatchPanel view={data} />
        {data.drift.length > 0 ? <DriftPanel view={data} /> : null}
        <IncidentPanel view={data} />
        {started ? <ExecutionPanels view={data} /> : null}
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_344px]">
          <div className="grid min-w-0 gap-4 max-xl:order-2">
            {started ? (
              <FoldedPlan view={data} />
            ) : (
              <>
                <Effect view={data} />
                <ChecksPanel view={data} />
                <PlanParts plan={data.plan} planHash={change.planHash} script={data.script} />
              </>
            )}
          </div>
          <div className="grid min-w-0 gap-4 max-xl:order-1">
            <SignOffPanel view={data} />
          </div>
        </div>
      </div>
      {change.state === 'ReconcileRequired' ? <StatementBar view={data} /> : null}
      <RecordLinks change={change.id} />
      {change.state === 'InReview' ? <SignBar view={data} /> : null}
      {isExecuting(change.state) || change.state === 'Approved' || change.state === 'Queued' ? (
        <SteerBar view={data} />
      ) : null}
    </>
  );
}

/** Of a change that ended without effect: the form with what was asked for. */
function PlanAgain({ view: { change, plan } }: { view: ChangeView }) {
  const query = outcomeOf(change.state) === 'not-carried-out' ? planAgainQuery(plan) : null;
  if (query === null) return null;
  return (
    <p className="mt-3">
      <ButtonLink href={paths.newChange(plan.kind, query)}>Plan it again…</ButtonLink>
    </p>
  );
}

/** What is not there does not come by trying again: the way goes on to the list. */
function Unread({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  if (problem.status !== 404) return <ProblemPanel problem={problem} onRetry={onRetry} />;
  return (
    <>
      <ProblemPanel problem={problem} />
      <p className="px-3 pb-3 max-sm:px-4">
        <ButtonLink href={paths.changes()}>All changes</ButtonLink>
      </p>
    </>
  );
}

/** What is signed, in the words in which it was planned. */
const Effect = ({ view }: { view: ChangeView }) => (
  <Panel title="Effect">
    <p className="text-pretty p-3 text-section max-sm:px-4">{view.effect}</p>
  </Panel>
);

function FoldedPlan({ view }: { view: ChangeView }) {
  return (
    <details className="group/plan border-line bg-surface max-sm:-mx-4 max-sm:border-y sm:rounded-panel sm:border">
      <summary className="flex min-h-10 items-center px-3 font-medium max-sm:min-h-12 max-sm:px-4">
        The signed plan
      </summary>
      <div className="grid gap-4 border-line border-t p-4">
        <p className="max-w-[88ch] text-pretty">{view.effect}</p>
        <ChecksPanel view={view} />
        <PlanParts plan={view.plan} planHash={view.change.planHash} script={view.script} />
      </div>
    </details>
  );
}
