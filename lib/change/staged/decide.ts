import { formatDuration } from '@/lib/core/duration';
import type { BackOutCause, CommandFact } from '../facts';
import { decideBackingOut } from './decide-back';
import { decideDrift } from './decide-drift';
import { brokenMigration, decideJob } from './decide-job';
import { decideStep } from './decide-step';
import { isMoot, objectName } from './expected';
import type { StagedFacts, StagedMove } from './facts';
import { judged } from './judged';
import { noWayBack } from './way-back';

/**
 * The next move of a change of several steps (change-engine.md 2.2, 11). Priority: FREEZE, abort, BACK OUT, the way
 * back, drift, a person's pause, a FAIL, time limits, and only then going on. Pure: observe, ask, act, observe.
 */
export function decideStaged(facts: StagedFacts): StagedMove {
  const { abort } = facts.commands;
  const { kill } = facts;
  if (kill?.verb === 'freeze') {
    return facts.state === 'Frozen'
      ? wait(kill.sentence)
      : { do: 'hold', state: 'Frozen', kind: 'frozen', command: null, sentence: kill.sentence };
  }
  if (abort !== null && !facts.backingOut) {
    return backOut('abort', `${abort.actorName} aborted: ${abort.reason}`, abort);
  }
  if (kill !== null && !facts.backingOut) return { ...backOut('switch', kill.sentence), by: kill.by };
  if (facts.state === 'Frozen') return { do: 'thaw', sentence: 'No longer frozen.' };
  if (facts.backingOut) return decideBackingOut(facts);
  return (
    refuseStalePromotion(facts) ??
    decideGone(facts) ??
    decideSilent(facts) ??
    decideDrift(facts) ??
    decidePause(facts) ??
    decideLimits(facts) ??
    decideResume(facts) ??
    decideByState(facts)
  );
}

const wait = (sentence: string): StagedMove => ({ do: 'wait', sentence });

type BackOut = Extract<StagedMove, { do: 'back-out' }>;
const backOut = (cause: BackOutCause, sentence: string, command: CommandFact | null = null): BackOut => ({
  do: 'back-out',
  cause,
  command,
  sentence,
});

const heldFor = (facts: StagedFacts): number =>
  (facts.nowMs - (facts.holdSinceMs ?? facts.stateSinceMs)) / 1000;

const isHeld = ({ state }: StagedFacts): boolean =>
  state === 'Paused' || state === 'DataHold' || state === 'DriftHold';

/** Two clicks, or a click that races the end of a step, must not skip another one (change-engine.md 1.3). */
function refuseStalePromotion({ commands, step, steps }: StagedFacts): StagedMove | null {
  const { promote } = commands;
  if (promote === null) return null;
  if (promote.expectedStep === step.n && steps[step.n - 1]?.do === 'hold') return null;
  const sentence = `Not promoted: step ${promote.expectedStep ?? '?'} does not hold any more; step ${step.n} runs.`;
  return { do: 'refuse', command: promote, sentence };
}

/** Without one of its objects a change goes neither forth nor, there, back. */
function decideGone(facts: StagedFacts): StagedMove | null {
  const gone = [...facts.objects.values()].find((fact) => fact.gone && !isMoot(fact));
  if (gone === undefined) return null;
  const sentence = `${objectName(gone)} is gone.`;
  if (facts.state !== 'DriftHold') {
    return { do: 'hold', state: 'DriftHold', kind: 'drift', command: null, sentence };
  }
  const { resume, pause, promote } = facts.commands;
  const command = resume ?? pause ?? promote;
  if (command !== null)
    return { do: 'refuse', command, sentence: `${sentence} It has to be put back first.` };
  if (heldFor(facts) > facts.timing.maxHoldSeconds) {
    return { do: 'end', state: 'Failed', sentence: `Held too long. ${sentence}` };
  }
  return wait(sentence);
}

/** Nothing is done forth while any cluster of the plan cannot be seen: what it shows decides too. */
function decideSilent(facts: StagedFacts): StagedMove | null {
  const [problem] = facts.silent.values();
  return problem === undefined ? null : wait(`${problem} Nothing is done until it answers.`);
}

/** A pause stops the steps; nothing has to be written for it, since the weights stay as they are. */
function decidePause(facts: StagedFacts): StagedMove | null {
  const { pause } = facts.commands;
  if (pause === null) return null;
  if (facts.state === 'Paused' || facts.state === 'DriftHold') {
    return { do: 'refuse', command: pause, sentence: 'Not paused: the change is already held.' };
  }
  const sentence = `${pause.actorName} paused: ${pause.reason}`;
  return { do: 'hold', state: 'Paused', kind: 'person', command: pause, sentence };
}

/** Where the way back leads to what was no better, a person decides (architecture.md 7). */
function backOrHold(facts: StagedFacts, move: BackOut): StagedMove | null {
  const held = noWayBack(facts);
  if (held === null) return move;
  if (facts.state === 'DataHold' || facts.state === 'Paused') return null;
  return {
    do: 'hold',
    state: 'DataHold',
    kind: 'no-verdict',
    command: null,
    sentence: `${move.sentence} ${held} A passing verdict ends the hold too.`,
  };
}

/** What sends a change back without a person: a FAIL, a hold without end. */
function decideLimits(facts: StagedFacts): StagedMove | null {
  const failed = judged(facts).filter(({ outcome }) => outcome.kind === 'fail');
  const [first] = failed;
  if (first !== undefined) {
    const sentence = `The analysis failed in ${first.region}: ${first.outcome.detail}`;
    const regions = failed.map(({ region }) => region);
    const move = backOrHold(facts, { ...backOut('guard', sentence), regions });
    if (move !== null) return move;
  }
  const { maxHoldSeconds } = facts.timing;
  if (isHeld(facts) && heldFor(facts) > maxHoldSeconds) {
    const sentence = `Held for more than ${formatDuration(maxHoldSeconds)}.`;
    const stays = noWayBack(facts) !== null || brokenMigration(facts) !== null;
    return stays ? { do: 'end', state: 'Failed', sentence } : backOut('max-hold', sentence);
  }
  return null;
}

function decideResume(facts: StagedFacts): StagedMove | null {
  const { resume } = facts.commands;
  if (resume === null) return null;
  const sentence = `${resume.actorName} resumed: ${resume.reason}`;
  if (facts.state !== 'Paused' && facts.state !== 'DriftHold') {
    return { do: 'refuse', command: resume, sentence: 'Not resumed: the change is not paused.' };
  }
  return { do: 'go', state: 'Running', command: resume, sentence };
}

function decideByState(facts: StagedFacts): StagedMove {
  const { promote } = facts.commands;
  switch (facts.state) {
    case 'Paused':
    case 'DriftHold':
      if (promote !== null) {
        return {
          do: 'refuse',
          command: promote,
          sentence: 'Not promoted: the change is held; resume it first.',
        };
      }
      if (facts.state === 'Paused') return wait('Paused by a person; resume or abort.');
      return heldByJob(facts) ?? wait('The objects are as planned again; resume or abort.');
    default:
      return decideStep(facts);
  }
}

/** What a hold of a migration waits for: its Job says so itself. */
function heldByJob(facts: StagedFacts): StagedMove | null {
  const step = facts.steps[facts.step.n - 1];
  if (step?.do !== 'job') return null;
  const now = decideJob(facts, step);
  return now.do === 'wait' ? now : null;
}
