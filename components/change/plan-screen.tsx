'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { useWritesRefused } from '@/components/shell/banners';
import { Button } from '@/components/ui/button';
import { DiffTable } from '@/components/ui/diff-table';
import { EmptyState } from '@/components/ui/empty-state';
import { LeverBar } from '@/components/ui/lever-bar';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SegmentedLinks } from '@/components/ui/segmented';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateBadge, StateGlyph } from '@/components/ui/state';
import { TimeAgo } from '@/components/ui/time-ago';
import { useQueryString } from '@/components/ui/use-query-string';
import { roleNames } from '@/lib/access/model';
import { planQuery, requestChange, requestPlan } from '@/lib/change/client';
import { type PlanView, RequestPlan } from '@/lib/change/contract';
import { planQueryOf } from '@/lib/change/plan-from';
import { needsTypedName, typedNameProblem } from '@/lib/change/typed-name';
import { type ChangeKind, changeKinds, isDataKind } from '@/lib/core/change-kind';
import { paths } from '@/lib/core/paths';
import { type Problem, toProblem } from '@/lib/http/client';
import { errorOf } from './plan-error';
import { PlanForm, type PlanOptions, type PlanText, withOnlyDatabase, withWayBack } from './plan-form';
import { kindLabels, missingWords, planHeadings } from './plan-kinds';
import { usePlanText } from './plan-text';
import { PlanParts } from './plan-view';
import { PrecheckList } from './precheck-list';
import { useAct } from './use-act';

const wait = 350;

/** Asks a worker for a plan a moment after the last keystroke; an older answer never replaces a newer question. */
function usePlan(input: RequestPlan) {
  const [asked, setAsked] = useState<{ id: string; input: RequestPlan } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const valid = RequestPlan.safeParse(input).success;
  const text = JSON.stringify(input);
  // External system: a timer and the console's API.
  useEffect(() => {
    setProblem(null);
    if (!valid) return;
    let current = true;
    const timer = setTimeout(() => {
      const question: RequestPlan = JSON.parse(text);
      requestPlan(question, crypto.randomUUID()).then(
        (answer) => current && setAsked({ id: answer.id, input: question }),
        (error: unknown) => current && setProblem(toProblem(error)),
      );
    }, wait);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, valid]);
  const isCurrent = asked !== null && JSON.stringify(asked.input) === text;
  const query = useQuery(planQuery(asked?.id ?? null));
  return {
    view: isCurrent && valid ? (query.data ?? null) : null,
    problem: problem ?? (query.error && isCurrent ? toProblem(query.error) : null),
    valid,
  };
}

/** A session is chosen where sessions are listed, not here. */
const kindsShown = (current: ChangeKind): readonly ChangeKind[] =>
  changeKinds.filter((kind) => kind !== 'end-session' || kind === current);

export function PlanScreen({ options, initial }: { options: PlanOptions; initial: RequestPlan }) {
  const [input, setInput] = useState(() => withWayBack(withOnlyDatabase(initial, options), options));
  const { go } = useQueryString();
  // What is asked for stands in the address, so that it can be sent to somebody and found again.
  const ask = (next: RequestPlan) => {
    setInput(next);
    go(paths.newChange(next.kind, planQueryOf(next)), true);
  };
  const [text, setText] = usePlanText();
  const { view, problem, valid } = usePlan(input);
  const fieldError = errorOf(input);
  const minimum = view?.plan?.policy.reasonMinLength ?? null;
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="font-medium text-page">{planHeadings[input.kind]}</h1>
        <StateBadge tone="unknown">Draft</StateBadge>
        <div className="ml-auto overflow-x-auto max-sm:ml-0">
          <SegmentedLinks
            label="Kind of change"
            current={input.kind}
            items={kindsShown(input.kind).map((kind) => ({
              key: kind,
              label: kindLabels[kind],
              href: paths.newChange(kind, {
                service: input.service,
                environment: input.environment,
                region: input.region,
              }),
            }))}
          />
        </div>
      </div>
      <p className="mb-4 text-text-2">
        Nothing is changed by planning. The plan is computed again as you edit.
      </p>
      <div className="grid gap-6 md:grid-cols-[minmax(0,300px)_minmax(0,1fr)] xl:grid-cols-[336px_minmax(0,1fr)]">
        <PlanForm
          options={options}
          value={input}
          onChange={ask}
          text={text}
          onText={setText}
          reasonMinLength={minimum}
          fieldError={fieldError}
        />
        <div className="grid min-w-0 content-start gap-4" aria-live="polite">
          <PlanAnswer view={view} problem={problem} asked={valid} kind={input.kind} />
        </div>
      </div>
      <RequestBar view={view} text={text} />
    </>
  );
}

function PlanAnswer({
  view,
  problem,
  asked,
  kind,
}: {
  view: PlanView | null;
  problem: Problem | null;
  asked: boolean;
  kind: ChangeKind;
}) {
  if (problem) {
    // What was answered before stays: a source that is gone must not take the plan from the page.
    return (
      <>
        <Panel title={view?.plan ? 'The plan cannot be read again now' : 'No plan'}>
          <ProblemPanel problem={problem} />
        </Panel>
        {view?.plan ? <AnsweredPlan view={view} /> : null}
      </>
    );
  }
  if (!asked) {
    return (
      <Panel title="Plan">
        <EmptyState
          title={missingWords[kind].title}
          why={`With a service, a place and ${missingWords[kind].why} the worker makes the plan: ${isDataKind(kind) ? '' : 'the diff of a dry run, '}the steps, the checks and the way back.`}
        />
      </Panel>
    );
  }
  if (view === null || (view.state === 'pending' && view.readDiff === null)) {
    return (
      <Panel title="Plan" note="a worker makes it">
        <SkeletonRows rows={6} label="the plan" />
      </Panel>
    );
  }
  if (view.problem) {
    return (
      <Panel title="This cannot be planned">
        <ProblemPanel
          problem={{
            status: 409,
            title: 'The plan was refused',
            detail: view.problem.message,
            code: 'precondition',
            fields: [],
            ...(view.problem.next ? { next: view.problem.next } : {}),
          }}
        />
      </Panel>
    );
  }
  return <AnsweredPlan view={view} />;
}

function AnsweredPlan({ view }: { view: PlanView }) {
  const fails = view.prechecks.filter((check) => check.result === 'fail').length;
  const warns = view.prechecks.filter((check) => check.result === 'warn').length;
  return (
    <>
      <Panel
        title="Effect"
        end={
          view.answeredAt ? (
            <span className="text-meta text-text-3">
              computed <TimeAgo at={view.answeredAt} />
            </span>
          ) : null
        }
      >
        <div className="grid gap-1 p-3 max-sm:px-4">
          <p className="text-pretty text-section">{view.sentence}</p>
          <p className="flex flex-wrap gap-x-3 text-text-2">
            {view.planHash ? <span className="mono">{view.planHash.slice(0, 12)}</span> : null}
            {fails > 0 ? (
              <span className="inline-flex items-center gap-1 text-crit">
                <StateGlyph tone="crit" className="size-3.5" />
                {fails} blocking
              </span>
            ) : null}
            {warns > 0 ? (
              <span className="inline-flex items-center gap-1 text-warn">
                <StateGlyph tone="warn" className="size-3.5" />
                {warns === 1 ? '1 warning' : `${warns} warnings`}
              </span>
            ) : null}
            <span>{view.prechecks.length - fails - warns} checks passed</span>
          </p>
        </div>
      </Panel>
      {view.plan === null && view.readDiff ? (
        <Panel title="What would change" note="from reads only: no worker answers">
          <DiffTable lines={view.readDiff} caption="Changed fields, from reads" />
        </Panel>
      ) : null}
      {view.prechecks.length > 0 ? (
        <Panel
          title="Checks"
          note={
            view.answeredAt ? (
              <>
                checked <TimeAgo at={view.answeredAt} />, and again before the first write
              </>
            ) : undefined
          }
        >
          <PrecheckList prechecks={view.prechecks} />
        </Panel>
      ) : null}
      {view.plan && view.planHash ? (
        <PlanParts plan={view.plan} planHash={view.planHash} script={view.script} />
      ) : null}
    </>
  );
}

function RequestBar({ view, text }: { view: PlanView | null; text: PlanText }) {
  const router = useRouter();
  const refused = useWritesRefused();
  const act = useAct(
    (input: Parameters<typeof requestChange>[0], key: string) => requestChange(input, key),
    ({ id }) => router.push(paths.change(id)),
  );
  const roles = view?.plan?.policy.signOffs ?? [];
  const minimum = view?.plan?.policy.reasonMinLength ?? 1;
  const short =
    text.reason.trim().length < minimum ? `The reason needs ${minimum} characters at least.` : null;
  const untyped = view?.plan ? typedNameProblem(view.plan, text.confirmedName) : null;
  const refusal =
    refused ??
    (view?.problem
      ? 'This cannot be planned.'
      : view?.plan == null
        ? (view?.blocked ?? 'There is no plan yet.')
        : (view.blocked ?? short ?? untyped));
  const send = () => {
    if (!view?.plan || !view.planHash) return;
    const ticket = text.ticket.trim();
    act.run({
      planId: view.id,
      planHash: view.planHash,
      reason: text.reason,
      runWhenApproved: text.runWhenApproved,
      ...(ticket ? { ticket } : {}),
      ...(needsTypedName(view.plan.kind) ? { confirmedName: text.confirmedName } : {}),
    });
  };
  return (
    <>
      {act.problem ? <ProblemPanel problem={act.problem} /> : null}
      <LeverBar
        sentence={
          roles.length > 0
            ? `${roles.length === 1 ? 'One person' : `${roles.length} people`} must sign`
            : 'Request sign-off'
        }
        note={refusal ?? roles.map((role) => roleNames[role]).join(', ')}
      >
        <Button kind="primary" refusal={refusal} busy={act.busy} onClick={send}>
          {roles.length > 0 ? `Request sign-off from ${roles.length}` : 'Request sign-off'}
        </Button>
      </LeverBar>
    </>
  );
}
