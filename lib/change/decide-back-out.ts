import { formatDuration } from '@/lib/core/duration';
import { driftOf } from './drift';
import type { Facts, Move } from './facts';
import { isComplete, type Live, rolloutSentence } from './rollout';
import { undoneSentence, undoWords, untouchedSentence } from './words';

/**
 * On the way back to the last known good: write its template once (unpaused in the same patch), follow the
 * rollout to its end, and never anything else. A change that goes back never goes forward again.
 */
export function decideBackingOut(facts: Facts, live: Live): Move {
  const { scale } = facts;
  const restored =
    live.template === facts.templates.undo &&
    !live.paused &&
    (scale === null || live.replicas === scale.undo);
  const { resume, pause, abort } = facts.commands;
  const late = pause ?? abort;
  if (late !== null) {
    return {
      do: 'refuse',
      command: late,
      sentence: 'The change already goes back to the last known good version.',
    };
  }
  if (facts.lastVerb === 'restore') return followBack(facts, live, restored);
  if (resume !== null && facts.state !== 'DriftHold') {
    return { do: 'refuse', command: resume, sentence: 'Not resumed: the change goes back.' };
  }
  // Nothing of ours was sent and nothing can come late: whatever runs is not of our making.
  // Else the write back is sent even if it changes nothing: it moves the object on, and what is late is refused.
  if ((facts.lastVerb === null || restored) && !facts.written && !facts.unseen) {
    return { do: 'end', state: 'BackedOut', sentence: untouchedSentence };
  }
  // Held: the cluster refused the write, or a stranger wrote. Only a person's resumption tries again.
  if (facts.state === 'DriftHold' && resume === null) return drift(facts, live);
  const ours =
    facts.templates.known.includes(live.template) &&
    (scale === null || live.replicas === scale.target || live.replicas === scale.undo);
  if (ours || facts.orderedBack || resume !== null) return restore(facts);
  return drift(facts, live);
}

const restore = (facts: Facts): Move => ({
  do: 'act',
  verb: 'restore',
  command: facts.commands.resume,
  sentence: `Put back ${undoWords(facts.what)}.`,
});

function drift(facts: Facts, live: Live): Move {
  const sentence = driftOf(live, facts) ?? 'The cluster refused the write.';
  if (facts.state !== 'DriftHold') {
    return { do: 'hold', state: 'DriftHold', kind: 'drift', command: null, sentence };
  }
  const heldSeconds = (facts.nowMs - (facts.holdSinceMs ?? facts.stateSinceMs)) / 1000;
  if (heldSeconds > facts.timing.maxHoldSeconds) {
    return { do: 'end', state: 'Failed', sentence: `Held too long on the way back. ${sentence}` };
  }
  return { do: 'wait', sentence };
}

/** After the write: wait until the last known good version serves alone. */
function followBack(facts: Facts, live: Live, restored: boolean): Move {
  const { what } = facts;
  const undo = undoWords(what);
  if (!restored) return facts.commands.resume === null ? drift(facts, live) : restore(facts);
  if (facts.state === 'DriftHold') {
    return {
      do: 'go',
      state: 'Running',
      command: facts.commands.resume,
      sentence: `The Deployment is at ${undo} again; following the rollout.`,
    };
  }
  if (facts.commands.resume !== null) {
    return { do: 'refuse', command: facts.commands.resume, sentence: 'Not resumed: the change goes back.' };
  }
  if (isComplete(live) && (facts.scale === null || live.counts.all === live.replicas)) {
    return { do: 'end', state: 'BackedOut', sentence: undoneSentence(what, live.replicas) };
  }
  const limit = facts.timing.rolloutDeadlineSeconds;
  if ((facts.nowMs - facts.progressAtMs) / 1000 > limit) {
    const now = rolloutSentence(live, what.undo);
    return {
      do: 'end',
      state: 'Failed',
      sentence: `The way back to ${undo} made no progress for ${formatDuration(limit)}: ${now}. A person has to look.`,
    };
  }
  return { do: 'wait', sentence: rolloutSentence(live, what.undo) };
}
