'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { Chip } from '@/components/ui/chip';
import { cx } from '@/components/ui/class-names';
import { StateBadge, StateText } from '@/components/ui/state';
import { TimeAgo, TimeLeft } from '@/components/ui/time-ago';
import type { ChangeView } from '@/lib/change/contract';
import type { ChangeState } from '@/lib/change/model';
import { isStaged } from '@/lib/change/staged/staged-plan';
import { stateText } from '@/lib/change/words';
import { formatDuration } from '@/lib/core/duration';
import { paths } from '@/lib/core/paths';
import { refusedNow } from './abort-words';
import { changeTone } from './tone';

/** What this change is, what it does now, and who holds it, until when, and what comes next. */
export function ChangeHead({ view }: { view: ChangeView }) {
  const { change } = view;
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="mono text-text-2">{change.id}</span>
        <StateBadge tone={changeTone[change.state]} testId="change-state">
          {stateText(change)}
        </StateBadge>
        <Link
          href={paths.service(change.service, { environment: change.environment, region: change.region })}
          className="text-accent hover:underline"
        >
          {change.serviceName}
        </Link>
        <Chip>{change.environment}</Chip>
        {(view.plan.staged?.regions ?? [change.region]).map((region) => (
          <Chip key={region}>{region}</Chip>
        ))}
        <span className="text-text-2">
          asked by {change.requesterName} <TimeAgo at={change.createdAt} />
        </span>
      </div>
      <div className="mt-1 flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className="font-medium text-page">{change.title}</h1>
          <Judgement
            text={change.hold ? change.hold.sentence : (change.outcome?.sentence ?? change.sentence)}
          />
          <Refused view={view} />
          <p className="mt-1 max-w-[68ch] text-text-2">
            {change.reason}
            {change.ticket ? <span className="mono text-text-3"> {change.ticket}</span> : null}
          </p>
        </div>
        <Strip view={view} />
      </div>
      <Track change={change} />
    </>
  );
}

/** What is longer than this is no headline any more: its first sentence is, and the others explain it. */
const HEADLINE_MAX = 120;

function Judgement({ text }: { text: string }) {
  const end = text.length > HEADLINE_MAX ? text.indexOf('. ') + 1 : 0;
  return (
    <div aria-live="polite">
      <p className="text-pretty text-judgement">{end === 0 ? text : text.slice(0, end)}</p>
      {end === 0 ? null : <p className="max-w-[88ch] text-pretty break-words">{text.slice(end + 1)}</p>}
    </div>
  );
}

/** While maintenance mode refuses the requests, that is what people have to know before anything else. */
function Refused({ view }: { view: ChangeView }) {
  const regions = isStaged(view.plan) ? refusedNow(view, view.plan) : [];
  if (regions.length === 0) return null;
  return (
    <p className="mt-1">
      <StateText tone="hold">
        <span className="whitespace-normal">
          Maintenance mode: all requests are refused in {new Intl.ListFormat('en-GB').format(regions)}
        </span>
      </StateText>
    </p>
  );
}

/** Owner, timer, next: every state has all three. */
function Strip({ view }: { view: ChangeView }) {
  return (
    <dl className="flex divide-x divide-line rounded-panel border border-line bg-surface max-sm:w-full">
      <Cell name="Owner">{view.owner}</Cell>
      <Cell name={view.timer.label}>
        <Timer timer={view.timer} isOver={view.change.finishedAt !== null} />
      </Cell>
      <Cell name="Next">{view.next}</Cell>
    </dl>
  );
}

function Timer({ timer, isOver }: { timer: ChangeView['timer']; isOver: boolean }) {
  if (timer.at !== null) return isOver ? <TimeAgo at={timer.at} /> : <In at={timer.at} />;
  return timer.limitSeconds === null
    ? 'none'
    : `after ${formatDuration(timer.limitSeconds)} without progress`;
}

const In = ({ at }: { at: string }) => (
  <>
    in <TimeLeft at={at} overdue="a moment" />
  </>
);

const Cell = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="min-w-20 max-w-48 flex-auto px-3 py-2">
    <dt className="text-meta text-text-3">{name}</dt>
    <dd className="font-medium">{children}</dd>
  </div>
);

const track = ['In review', 'Approved', 'Running', 'Watching', 'Closed'] as const;
const stageOf: Record<ChangeState, number> = {
  InReview: 0,
  Approved: 1,
  Queued: 1,
  Revalidating: 1,
  Running: 2,
  Paused: 2,
  DataHold: 2,
  DriftHold: 2,
  Frozen: 2,
  ReconcileRequired: 2,
  Watching: 3,
  Succeeded: 4,
  BackedOut: 4,
  Failed: 4,
  Rejected: 4,
  Voided: 4,
  Expired: 4,
  Cancelled: 4,
};

const watchWord = (kind: ChangeView['change']['kind']): string =>
  stateText({ kind, state: 'Watching', backingOut: false, finishedAt: null });

/** The stages in order; those that a change will never reach are struck through. */
function Track({ change }: { change: Pick<ChangeView['change'], 'kind' | 'state' | 'backingOut'> }) {
  const { kind, state, backingOut } = change;
  const at = stageOf[state];
  const short = ['Rejected', 'Voided', 'Expired', 'Cancelled'].includes(state);
  return (
    <ol
      aria-label="Stages"
      className="mt-4 flex gap-x-2 text-meta max-sm:grid max-sm:grid-cols-5 max-sm:gap-0"
    >
      {track.map((stage, index) => {
        const skipped = index < 4 && ((short && index > 0) || (backingOut && index === 3 && at !== 3));
        return (
          <li
            key={stage}
            aria-current={index === at ? 'step' : undefined}
            className="relative flex items-center gap-2 max-sm:flex-col max-sm:gap-1 max-sm:text-center"
          >
            {index > 0 ? (
              <span
                aria-hidden
                className="h-px w-8 bg-line-strong max-sm:absolute max-sm:top-[3.5px] max-sm:right-1/2 max-sm:mr-2 max-sm:w-[calc(100%-16px)]"
              />
            ) : null}
            <span
              aria-hidden
              className={cx(
                'size-2 rounded-full',
                index < at && !skipped
                  ? 'bg-text-3'
                  : index === at
                    ? 'bg-accent ring-3 ring-accent/25'
                    : 'border border-text-3',
              )}
            />
            <span
              className={cx(
                index === at ? 'font-medium text-text' : 'text-text-3',
                skipped && 'line-through',
              )}
            >
              {stage === 'Watching' ? watchWord(kind) : stage}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
