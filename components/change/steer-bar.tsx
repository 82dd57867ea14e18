'use client';

import { CircleMinus } from 'lucide-react';
import { useState } from 'react';
import { useWritesRefused } from '@/components/shell/banners';
import { Button } from '@/components/ui/button';
import { LeverBar } from '@/components/ui/lever-bar';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { abortLines } from '@/lib/change/abort-lines';
import { steerChange } from '@/lib/change/client';
import type { ChangeView } from '@/lib/change/contract';
import { cancelWindowSeconds } from '@/lib/change/data/restore-steps';
import { isExecuting } from '@/lib/change/model';
import { currentStep } from '@/lib/change/promotion';
import { isStaged } from '@/lib/change/staged/staged-plan';
import { needsTypedName } from '@/lib/change/typed-name';
import { undoLabel, whatOf } from '@/lib/change/words';
import { formatDuration } from '@/lib/core/duration';
import { AbortDiff, AbortLines, abortWords } from './abort-words';
import { dataAbort, dataWords } from './data-words';
import type { AbortNow, Words } from './lever-words';
import { ReasonDialog } from './reason-dialog';
import { useAct } from './use-act';

type Lever = 'abort' | 'pause' | 'resume' | 'promote' | 'cancel' | 'withdraw' | 'start';
const commands = {
  abort: 'abort',
  pause: 'pause',
  resume: 'resumption',
  promote: 'promotion',
  cancel: 'cancellation',
  withdraw: 'withdrawal',
  start: 'start',
} as const satisfies Record<Lever, Parameters<typeof steerChange>[1]>;

/** What some levers take beside the reason. */
type Beside = { expectedStep?: number; confirmedName?: string | undefined };

/** What Abort does now: of the bar, its button and its dialog. */
function abortOf({ change, plan, ...view }: ChangeView): AbortNow {
  const label = undoLabel(whatOf(plan));
  const title = `Abort ${change.title}`;
  if (plan.data !== undefined) return dataAbort(title, plan.data, view.restore);
  if (isStaged(plan)) {
    const { sentence, note, now } = abortWords({ change, plan, ...view }, plan);
    const verb = now.reroutes ? `Abort and go back to ${plan.undo.version}` : 'Abort';
    const consequence = (
      <>
        <p>
          {sentence}. {note}
        </p>
        <AbortDiff now={now} />
      </>
    );
    return { sentence, note, words: { title, consequence, verb } };
  }
  return {
    sentence: `Abort now: ${change.region} goes back to ${label}`,
    note: 'This continues without you. Every step is in the log below and in the audit log.',
    words: {
      title,
      consequence: (
        <>
          <p>
            {plan.kind === 'scale'
              ? `The Deployment goes back to ${label}.`
              : `The Deployment goes back to ${label}, pod by pod; about as long as the rollout took. Pods that were not replaced yet keep serving.`}
          </p>
          <AbortLines lines={abortLines(plan)} />
        </>
      ),
      verb: `Abort and go back to ${label}`,
    },
  };
}

function words(lever: Exclude<Lever, 'abort'>, view: ChangeView, seen: number | null): Words {
  const { plan, change } = view;
  if (plan.data !== undefined) return dataWords(lever, change.title);
  const staged = isStaged(plan);
  const n = seen ?? 0;
  const next = view.steps.find((step) => step.n === n + 1);
  const all: Record<Exclude<Lever, 'abort'>, Words> = {
    pause: {
      title: `Pause ${change.title}`,
      consequence: staged
        ? 'No further step is taken until somebody resumes it. The requests stay as they are, and the analysis goes on.'
        : 'No further pod is replaced until somebody resumes it. Old and new pods serve meanwhile.',
      verb: 'Pause',
    },
    resume: {
      title: `Resume ${change.title}`,
      consequence: staged
        ? change.state === 'DriftHold'
          ? `An object that is as it was before this change wrote it is written again, and step ${n} goes on. Where somebody left it in any other way nothing is done: put it back first.`
          : `Step ${n} goes on from where it stands.`
        : 'The rollout goes on from where it stands.',
      verb: 'Resume',
    },
    promote: {
      title: `Go on with step ${n + 1} now`,
      consequence: `${holdWords(view)} Next: ${next?.title ?? 'the last look'}. A failing analysis still sends it back.`,
      verb: `Go on with step ${n + 1} now`,
    },
    cancel: {
      title: `Cancel ${change.title}`,
      consequence: 'The request ends; nothing was changed in the cluster.',
      verb: 'Cancel request',
    },
    withdraw: {
      title: 'Take back your sign-off',
      consequence: 'The change waits for a sign-off in your role again.',
      verb: 'Take back',
    },
    start: {
      title: `Start ${change.title}`,
      consequence: 'A worker checks the plan once more and starts with step 1.',
      verb: 'Start',
    },
  };
  return all[lever];
}

/** Who starts it reads once more what it does: the sign-offs may be hours old. */
function startWords(view: ChangeView): Words {
  const { consequence, ...rest } = words('start', view, null);
  const takenBack =
    view.change.kind === 'restore'
      ? ` For ${cancelWindowSeconds} s an abort takes it back before anything is done.`
      : '';
  return {
    ...rest,
    consequence: (
      <>
        <p>{view.effect}</p>
        <p>
          {consequence}
          {takenBack}
        </p>
      </>
    ),
  };
}

function holdWords({ holding }: ChangeView): string {
  if (holding === null) return 'The rest of the hold is left out.';
  const told = `${formatDuration(holding.goodSeconds)} of ${formatDuration(holding.needSeconds)}`;
  return `Step ${holding.step} has ${told} of good time; what the rest would have shown is not seen.`;
}

/** Abort stands always in the same place and says what it does now. */
export function SteerBar({ view }: { view: ChangeView }) {
  const { change, you, plan } = view;
  const [open, setOpen] = useState<Lever | null>(null);
  const offline = useWritesRefused();
  const close = () => setOpen(null);
  const act = useAct(
    ({ lever, ...body }: { lever: Lever; reason: string } & Beside, key: string) =>
      steerChange(change.id, commands[lever], body, key),
    close,
  );
  // The step that was on the page when the question was opened: when it ends meanwhile, none is skipped.
  const [seenStep, setSeenStep] = useState<number | null>(null);
  const show = (lever: Lever) => {
    act.reset();
    setSeenStep(currentStep(view.steps));
    setOpen(lever);
  };
  const running = isExecuting(change.state);
  const abort = abortOf(view);
  const step = currentStep(view.steps);
  const abortNow = () =>
    abort.atOnce === undefined ? show('abort') : act.run({ lever: 'abort', reason: abort.atOnce });
  const abortButton = (
    <Button kind="danger" refusal={offline ?? you.refusals.abort} busy={act.busy} onClick={abortNow}>
      <CircleMinus aria-hidden className="size-4" />
      {abort.words.verb}
    </Button>
  );
  const shown =
    open === null
      ? null
      : open === 'abort'
        ? abort.words
        : open === 'start'
          ? startWords(view)
          : words(open, view, seenStep);
  return (
    <>
      {open === null && act.problem ? <ProblemPanel problem={act.problem} /> : null}
      <LeverBar
        sentence={running ? (you.refusals.abort ?? abort.sentence) : change.sentence}
        note={
          running
            ? abort.note
            : plan.data === undefined
              ? 'Nothing was changed in the cluster yet.'
              : 'Nothing was done yet.'
        }
      >
        {running ? (
          <>
            {abort.atOnce === undefined ? null : abortButton}
            {isStaged(plan) ? (
              <Button refusal={offline ?? you.refusals.promote} onClick={() => show('promote')}>
                {step === null ? 'Go on' : `Go on with step ${step + 1} now`}
              </Button>
            ) : null}
            {you.refusals.resume === null ? (
              <Button refusal={offline} onClick={() => show('resume')}>
                Resume
              </Button>
            ) : (
              <Button refusal={offline ?? you.refusals.pause} onClick={() => show('pause')}>
                Pause
              </Button>
            )}
            {abort.atOnce === undefined ? abortButton : null}
          </>
        ) : (
          <>
            {you.refusals.withdraw === null ? (
              <Button onClick={() => show('withdraw')}>Take back sign-off</Button>
            ) : null}
            <Button refusal={offline ?? you.refusals.cancel} onClick={() => show('cancel')}>
              Cancel request
            </Button>
            {change.runWhenApproved ? null : (
              <Button kind="primary" refusal={offline ?? you.refusals.start} onClick={() => show('start')}>
                Start
              </Button>
            )}
          </>
        )}
        {open !== null && shown !== null ? (
          <ReasonDialog
            {...shown}
            open
            danger={open === 'abort'}
            typedName={open === 'start' && needsTypedName(change.kind) ? change.service : null}
            {...(open === 'cancel' ? { dismiss: 'Keep the request' } : {})}
            busy={act.busy}
            problem={act.problem}
            onClose={close}
            onSubmit={(reason, confirmedName) =>
              act.run({
                lever: open,
                reason,
                ...(open === 'start' ? { confirmedName } : {}),
                ...(open === 'promote' && seenStep !== null ? { expectedStep: seenStep } : {}),
              })
            }
          />
        ) : null}
      </LeverBar>
    </>
  );
}
