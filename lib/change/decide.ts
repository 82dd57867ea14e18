import { formatDuration } from '@/lib/core/duration';
import { decideBackingOut } from './decide-back-out';
import { driftOf } from './drift';
import type { BackOutCause, CommandFact, Facts, Move } from './facts';
import { isComplete, isObserved, type Live, rolloutSentence, troubles } from './rollout';
import { actSentence, completeWords, succeededSentence } from './words';

/**
 * The next move of an executing change (change-engine.md 2.2, 11). Priority: FREEZE, abort, BACK OUT, the way back,
 * drift, a person's pause, the guard's FAIL, time limits, and only then going on. Pure: the loop observes, asks, acts, observes.
 */
export function decide(facts: Facts): Move {
  const { abort } = facts.commands;
  const { kill } = facts;
  if (kill?.verb === 'freeze') return decideFrozen(facts, kill.sentence);
  if (abort !== null && !facts.backingOut) {
    return backOut('abort', `${abort.actorName} aborted: ${abort.reason}`, abort);
  }
  if (kill !== null && !facts.backingOut) return { ...backOut('switch', `${kill.sentence}`), by: kill.by };
  if (facts.state === 'Frozen') return { do: 'thaw', sentence: 'No longer frozen.' };
  if (facts.gone) return decideGone(facts);
  if (facts.live === null) {
    return { do: 'wait', sentence: 'The cluster does not answer; nothing is done until it does.' };
  }
  if (facts.backingOut) return decideBackingOut(facts, facts.live);
  return (
    decideDrift(facts, facts.live) ??
    decidePause(facts, facts.live) ??
    decideLimits(facts) ??
    decideResume(facts, facts.live) ??
    decideByState(facts, facts.live)
  );
}

/** FREEZE: nothing is written in either direction, and no clock sends it back. */
const decideFrozen = (facts: Facts, sentence: string): Move =>
  facts.state === 'Frozen'
    ? { do: 'wait', sentence }
    : { do: 'hold', state: 'Frozen', kind: 'frozen', command: null, sentence };

/** Without its object a change goes neither forth nor back; the hold ends as one for drift does. */
function decideGone(facts: Facts): Move {
  const sentence = 'The Deployment is gone.';
  if (facts.state !== 'DriftHold') {
    return { do: 'hold', state: 'DriftHold', kind: 'drift', command: null, sentence };
  }
  const { resume, pause, abort } = facts.commands;
  const command = resume ?? pause ?? abort;
  if (command !== null) {
    return { do: 'refuse', command, sentence: `${sentence} It has to be put back first.` };
  }
  if (heldFor(facts) > facts.timing.maxHoldSeconds) {
    return { do: 'end', state: 'Failed', sentence: `Held too long. ${sentence}` };
  }
  return wait(sentence);
}

const wait = (sentence: string): Move => ({ do: 'wait', sentence });

type BackOut = Extract<Move, { do: 'back-out' }>;

const backOut = (cause: BackOutCause, sentence: string, command: CommandFact | null = null): BackOut => ({
  do: 'back-out',
  cause,
  command,
  sentence,
});

const heldFor = (facts: Facts): number => (facts.nowMs - (facts.holdSinceMs ?? facts.stateSinceMs)) / 1000;
const failed = (facts: Facts): boolean => facts.guard.latest?.verdict === 'FAIL';
/** What ran before was no better: only a person goes back to that. */
const goesBack = (facts: Facts): boolean => facts.what.undoIsKnownGood;

/** A stranger's edit stops everything; only our own new version failing still goes back by itself. */
function decideDrift(facts: Facts, live: Live): Move | null {
  const drift = driftOf(live, facts);
  if (drift === null) return null;
  if (goesBack(facts) && failed(facts) && live.template === facts.templates.target)
    return backOutByGuard(facts);
  const { resume, pause } = facts.commands;
  if (facts.state !== 'DriftHold') {
    return { do: 'hold', state: 'DriftHold', kind: 'drift', command: null, sentence: drift };
  }
  if (resume !== null) {
    return { do: 'refuse', command: resume, sentence: `Not resumed: ${drift} Put it back, or abort.` };
  }
  if (pause !== null)
    return { do: 'refuse', command: pause, sentence: 'Not paused: the change is already held.' };
  if (heldFor(facts) > facts.timing.maxHoldSeconds) {
    return { do: 'end', state: 'Failed', sentence: `Held too long, and nothing was overwritten. ${drift}` };
  }
  return wait(drift);
}

function decidePause(facts: Facts, live: Live): Move | null {
  const { pause } = facts.commands;
  if (pause === null) return null;
  if (facts.state === 'Paused' || facts.state === 'DriftHold') {
    return { do: 'refuse', command: pause, sentence: 'Not paused: the change is already held.' };
  }
  const sentence = `${pause.actorName} paused: ${pause.reason}`;
  if (live.paused) return { do: 'hold', state: 'Paused', kind: 'person', command: pause, sentence };
  return { do: 'act', verb: 'pause', command: pause, sentence };
}

/** A hold or a watch without end. */
const backOrFail = (facts: Facts, sentence: string): Move =>
  goesBack(facts) ? backOut('max-hold', sentence) : { do: 'end', state: 'Failed', sentence };

const notGood = (kind: Facts['what']['kind']): string =>
  kind === 'rollback'
    ? 'A rollback is not undone by itself, and what ran before was left for a reason'
    : 'What ran before was not healthy either';

/** Where the way back leads to what was no better, a person decides; until then nothing is written. */
const holdForPerson = (move: BackOut, { what }: Facts): Move => ({
  do: 'hold',
  state: 'DataHold',
  kind: 'no-verdict',
  command: null,
  sentence: `${move.sentence} ${notGood(what.kind)}: abort to go back to it, or wait for a passing verdict.`,
});

const backOutByGuard = (facts: Facts): BackOut =>
  backOut('guard', `The guard failed: ${facts.guard.latest?.detail ?? 'too many errors.'}`);

/** What sends a change back without a person: the guard's FAIL, a hold without end, a rollout without progress. */
function decideLimits(facts: Facts): Move | null {
  if (failed(facts)) {
    if (goesBack(facts)) return backOutByGuard(facts);
    if (facts.state === 'Running' || facts.state === 'Watching')
      return holdForPerson(backOutByGuard(facts), facts);
  }
  const { timing } = facts;
  const held = facts.state === 'Paused' || facts.state === 'DataHold' || facts.state === 'DriftHold';
  if (held && heldFor(facts) > timing.maxHoldSeconds) {
    return backOrFail(facts, `Held for more than ${formatDuration(timing.maxHoldSeconds)}.`);
  }
  const overdueMs = facts.nowMs - (facts.watchUntilMs ?? facts.nowMs);
  if (facts.state === 'Watching' && overdueMs / 1000 > timing.maxHoldSeconds) {
    return backOrFail(facts, `No verdict for ${formatDuration(timing.maxHoldSeconds)} after the watch.`);
  }
  return null;
}

function decideResume(facts: Facts, live: Live): Move | null {
  const { resume } = facts.commands;
  if (resume === null) return null;
  const sentence = `${resume.actorName} resumed: ${resume.reason}`;
  if (facts.state !== 'Paused' && facts.state !== 'DriftHold') {
    return { do: 'refuse', command: resume, sentence: 'Not resumed: the change is not paused.' };
  }
  if (live.paused) return { do: 'act', verb: 'resume', command: resume, sentence };
  return { do: 'go', state: 'Running', command: resume, sentence };
}

function decideByState(facts: Facts, live: Live): Move {
  switch (facts.state) {
    case 'Paused':
      return wait('Paused by a person; resume or abort.');
    case 'DriftHold':
      return wait('The object is as planned again; resume or abort.');
    case 'DataHold':
      return decideDataHold(facts, live);
    case 'Watching':
      return decideWatching(facts, live);
    default:
      return decideRunning(facts, live);
  }
}

function decideDataHold(facts: Facts, live: Live): Move {
  const { latest } = facts.guard;
  if (!facts.judges) return decideUnjudgedHold(facts, live);
  if (live.paused && !needsVerdict(facts))
    return { do: 'act', verb: 'resume', command: null, sentence: 'A rollback waits for no figures.' };
  if (latest?.verdict !== 'PASS') return wait(`No verdict: ${latest?.detail ?? 'no answer yet.'}`);
  const sentence = `There is a verdict again: ${latest.detail}`;
  if (live.paused) return { do: 'act', verb: 'resume', command: null, sentence };
  return { do: 'go', state: 'Running', command: null, sentence };
}

/** Held because there was nothing good to go back to; no verdict will come, so the pods decide. */
function decideUnjudgedHold(facts: Facts, live: Live): Move {
  if (live.paused) return { do: 'act', verb: 'resume', command: null, sentence: nothingToJudge };
  if (!isDone(facts, live)) return wait(rolloutSentence(live, facts.what.to));
  return { do: 'go', state: 'Running', command: null, sentence: 'The pods are as asked for.' };
}

const nothingToJudge = 'It takes no requests, so there is nothing to judge.';

function decideRunning(facts: Facts, live: Live): Move {
  const { what } = facts;
  if (!facts.written) {
    return { do: 'act', verb: 'apply', command: null, sentence: actSentence(what) };
  }
  // Paused by us, and stopped before the hold was written down: go where the guard says.
  if (live.paused) return decidePausedByUs(facts);
  if (isDone(facts, live)) {
    return {
      do: 'go',
      state: 'Watching',
      command: null,
      sentence: `${completeWords(what, live.replicas)}; watching for ${formatDuration(facts.timing.watchSeconds)}.`,
    };
  }
  return deadline(facts, live) ?? noVerdict(facts) ?? wait(rolloutSentence(live, what.to));
}

function decidePausedByUs(facts: Facts): Move {
  if (!needsVerdict(facts)) {
    const sentence = facts.judges ? 'A rollback waits for no figures.' : nothingToJudge;
    return { do: 'act', verb: 'resume', command: null, sentence };
  }
  const { latest } = facts.guard;
  // A pass that is older than the grace time is why it was paused.
  const isNew = latest !== null && facts.nowMs - latest.atMs <= facts.timing.graceSeconds * 1000;
  if (isNew && latest.verdict === 'PASS') {
    return { do: 'act', verb: 'resume', command: null, sentence: 'There is a verdict again.' };
  }
  return {
    do: 'hold',
    state: 'DataHold',
    kind: 'no-verdict',
    command: null,
    sentence: `Paused because there is no verdict: ${(isNew ? latest?.detail : null) ?? 'no answer yet.'}`,
  };
}

/** Complete, and when the change sets the replicas, with no pod too many: scaling down replaces nothing. */
const isDone = (facts: Facts, live: Live): boolean =>
  isComplete(live) && (facts.scale === null || live.counts.all === live.replicas);

function deadline(facts: Facts, live: Live): Move | null {
  const trouble = troubles(live);
  const why = trouble === null ? '' : ` (${trouble})`;
  const limit = facts.timing.rolloutDeadlineSeconds;
  const move =
    live.deadlineExceeded && isObserved(live)
      ? backOut('deadline', `The rollout exceeded the Deployment's progress deadline${why}.`)
      : (facts.nowMs - facts.progressAtMs) / 1000 > limit
        ? backOut('deadline', `No net progress for ${formatDuration(limit)}${why}.`)
        : null;
  return move === null || goesBack(facts) ? move : holdForPerson(move, facts);
}

/** A rollback waits for no figures (change-engine.md 2.2, 14): half of it would leave half of the bad version. */
const needsVerdict = ({ what, judges }: Facts): boolean => judges && what.kind !== 'rollback';

/** Without a verdict for the grace time since the first new pod was ready, or since the last verdict. */
function noVerdict(facts: Facts): Move | null {
  if (!needsVerdict(facts) || facts.firstReadyAtMs === null) return null;
  const since = Math.max(facts.firstReadyAtMs, facts.guard.lastVerdictAtMs ?? 0);
  const { graceSeconds } = facts.timing;
  if ((facts.nowMs - since) / 1000 <= graceSeconds) return null;
  const why = facts.guard.latest?.detail ?? 'no answer yet.';
  return {
    do: 'act',
    verb: 'pause',
    command: null,
    sentence: `No verdict for ${formatDuration(graceSeconds)}: ${why}`,
  };
}

function decideWatching(facts: Facts, live: Live): Move {
  const { what } = facts;
  if (!isDone(facts, live)) return deadline(facts, live) ?? wait(rolloutSentence(live, what.to));
  const { latest } = facts.guard;
  if (facts.watchUntilMs === null || facts.nowMs < facts.watchUntilMs) {
    return wait(
      `Watching ${what.to}: ${facts.judges ? (latest?.detail ?? 'no verdict yet.') : nothingToJudge}`,
    );
  }
  if (!facts.judges) {
    const sentence = `${succeededSentence(what, live.replicas)} ${nothingToJudge}`;
    return { do: 'end', state: 'Succeeded', sentence };
  }
  if (latest === null || latest.verdict !== 'PASS' || !isFresh(facts, latest.atMs)) {
    const graceMs = facts.timing.graceSeconds * 1000;
    if (!needsVerdict(facts) && facts.nowMs - facts.watchUntilMs > graceMs) {
      const sentence = `${succeededSentence(what, live.replicas)} Nobody could judge it: ${latest?.detail ?? 'no answer.'}`;
      return { do: 'end', state: 'Succeeded', sentence };
    }
    return wait(
      `The watch is over, and without a passing verdict it goes on: ${latest?.detail ?? 'no answer yet.'}`,
    );
  }
  return {
    do: 'end',
    state: 'Succeeded',
    sentence: `${succeededSentence(what, live.replicas)} ${latest.detail}`,
  };
}

/** Taken while watching and not long ago: a verdict from before a stop of the worker does not count. */
const isFresh = (facts: Facts, atMs: number): boolean =>
  atMs >= facts.stateSinceMs && facts.nowMs - atMs <= (3 * facts.timing.guardIntervalSeconds + 10) * 1000;
