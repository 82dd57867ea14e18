import type { BackOutCause } from '../facts';
import { decideRestoreBack } from './decide-restore-back';
import { decideOpenAct } from './decide-restore-open';
import type { RestoreFacts, RestoreMove } from './restore-facts';
import type { Layout } from './restore-layout';
import { decideFirst, end, heldSeconds, inStateSeconds, tooLong, wait, watching } from './steer';

/**
 * The next move of a change that puts a copy back (change-engine.md 6.4). Pure, and by what the server shows: names and
 * OIDs of its databases. What a person orders comes first, then what was announced and not written down, then the way
 * back, then the next step.
 */
export function decideRestore(facts: RestoreFacts): RestoreMove {
  const { layout } = facts;
  const first = decideFirst(facts);
  if (first !== null) return first;
  if (layout === null) return decideSilent(facts);
  if (facts.open !== null) {
    const stuck = decideStuck(facts, facts.open);
    return stuck ?? decideOpenAct(facts, facts.open.verb, layout);
  }
  if (facts.state === 'DriftHold') return decideDriftHold(facts, layout);
  const refused = refusalOf(facts);
  if (facts.backingOut) return decideRestoreBack(facts, layout, refused);
  const steered = decidePauses(facts, layout);
  if (steered !== null) return steered;
  if (layout.stage === 'strange') return drift(layout.what);
  return isWatching(facts) ? decideWatch(facts, layout) : decideForth(facts, layout, refused);
}

const isWatching = ({ state }: RestoreFacts): boolean => state === 'Watching' || state === 'DataHold';

const drift = (sentence: string): RestoreMove => ({
  do: 'hold',
  state: 'DriftHold',
  kind: 'drift',
  command: null,
  sentence,
});

const backOut = (cause: BackOutCause, sentence: string): RestoreMove => ({
  do: 'back-out',
  cause,
  command: null,
  sentence,
});

/** What the server refused last, while nobody has said "go on" since. */
const refusalOf = ({ last, resumedAtMs }: RestoreFacts): string | null =>
  last === null || last.isDone || (resumedAtMs ?? 0) > last.atMs ? null : last.refusal;

function decideSilent(facts: RestoreFacts): RestoreMove {
  const untouched = facts.last === null && facts.open === null && facts.copy.state === 'none';
  if (facts.state === 'Running' && untouched && !facts.backingOut && isTooLong(facts))
    return tooLong(facts, 'The server of the database did not answer');
  return wait('The server of the database does not answer; nothing is done until it does.');
}

const isTooLong = (facts: RestoreFacts): boolean => inStateSeconds(facts) > facts.maxHoldSeconds;

/** What cannot be done, such as a name that somebody holds whom nobody may end, is not tried for ever. */
function decideStuck(
  facts: RestoreFacts,
  { sinceMs }: NonNullable<RestoreFacts['open']>,
): RestoreMove | null {
  if (facts.backingOut || facts.nowMs - sinceMs <= facts.maxHoldSeconds * 1000) return null;
  return tooLong(facts, 'An act at the server was tried in vain');
}

/** Whoever changed something says "go on", or the change goes back; nothing is guessed. */
function decideDriftHold(facts: RestoreFacts, layout: Layout): RestoreMove {
  const { pause, resume } = facts.commands;
  if (pause !== null)
    return { do: 'refuse', command: pause, sentence: 'Not paused: the change is already held.' };
  if (resume !== null) {
    const sentence = `${resume.actorName} resumed: ${resume.reason}`;
    const state = layout.stage === 'switched' && !facts.backingOut ? 'Watching' : 'Running';
    return { do: 'go', state, command: resume, sentence };
  }
  if (heldSeconds(facts) > facts.maxHoldSeconds && layout.stage === 'strange')
    return end('Failed', `${layout.what} Nobody said what is to be done, so it is left as it is.`);
  return wait(layout.stage === 'strange' ? layout.what : 'Held for a person; resume or abort.');
}

/** Only what has not begun can wait: a database that is closed is not left closed for a pause. */
function decidePauses(facts: RestoreFacts, layout: Layout): RestoreMove | null {
  const { pause, resume } = facts.commands;
  const begun = layout.stage !== 'untouched' || facts.copy.state !== 'none';
  if (pause !== null) {
    if (facts.state === 'Paused' || begun) {
      const why = begun ? 'the restore has begun. Abort goes back.' : 'the change is already held.';
      return { do: 'refuse', command: pause, sentence: `Not paused: ${why}` };
    }
    const sentence = `${pause.actorName} paused: ${pause.reason}`;
    return { do: 'hold', state: 'Paused', kind: 'person', command: pause, sentence };
  }
  if (resume !== null) {
    if (facts.state !== 'Paused')
      return { do: 'refuse', command: resume, sentence: 'Not resumed: the change is not paused.' };
    const sentence = `${resume.actorName} resumed: ${resume.reason}`;
    return { do: 'go', state: 'Running', command: resume, sentence };
  }
  if (facts.state !== 'Paused') return null;
  return heldSeconds(facts) > facts.maxHoldSeconds
    ? tooLong(facts, 'Held')
    : wait('Paused by a person; resume or abort.');
}

function decideForth(
  facts: RestoreFacts,
  layout: Exclude<Layout, { stage: 'strange' }>,
  refused: string | null,
): RestoreMove {
  if (refused !== null) return backOut('refused', refused);
  const { name, names } = facts;
  switch (layout.stage) {
    case 'untouched':
      return decideBeginning(facts, layout.isOpen);
    case 'unfinished':
      return { do: 'act', verb: 'make', sentence: `Finish ${names.fresh}.` };
    case 'made':
      if (facts.last?.verb === 'close' && facts.last.isDone && (facts.resumedAtMs ?? 0) <= facts.last.atMs)
        return drift(`Somebody let sessions into ${names.live} again, and may have written since.`);
      return { do: 'act', verb: 'close', sentence: `Let nobody into ${name}, and end its sessions.` };
    case 'closed':
      return decideLoad(facts);
    case 'switched':
      return watching(`${names.live} has the restored data; the old database is ${names.former}.`);
  }
}

/** Nothing has changed yet: the window to take it back, then the safety copy, then the new database. */
function decideBeginning(facts: RestoreFacts, isOpen: boolean): RestoreMove {
  const { name, names, copy, cancelWindowSeconds } = facts;
  if (facts.last?.isDone === true && facts.last.verb !== 'drop')
    return drift(`${names.fresh}, which this change had made, is gone.`);
  if (!isOpen && facts.last === null)
    return end(
      'Failed',
      `${names.live} lets nobody in, and this change did not close it. Nothing was changed.`,
    );
  const left = cancelWindowSeconds - inStateSeconds(facts);
  if (copy.state === 'none' && facts.last === null && left > 0) {
    const until = facts.nowMs + left * 1000;
    return { do: 'wait-until', until, sentence: `Begins in ${Math.ceil(left)} s. Abort takes it back.` };
  }
  if (facts.safetyCopy) {
    switch (copy.state) {
      case 'none':
        return { do: 'copy', how: 'want', sentence: `Ask for a safety copy of ${name}.` };
      case 'wanted':
        if (isTooLong(facts)) return tooLong(facts, 'No worker began the safety copy');
        return wait('Waits for a worker that makes copies.');
      case 'running':
        return wait(`The safety copy is being made since ${copy.since}.`);
      case 'failed':
        return end('Failed', `The safety copy failed: ${copy.why} Nothing was changed.`);
      case 'leaving':
        return end('Failed', 'The safety copy was marked for deletion. Nothing was changed.');
      case 'kept':
        if (copy.spoilt !== null)
          return end('Failed', `The safety copy is not good: ${copy.spoilt} Nothing was changed.`);
    }
  }
  return { do: 'act', verb: 'make', sentence: `Make the empty database ${names.fresh}.` };
}

function decideLoad(facts: RestoreFacts): RestoreMove {
  const { load, names } = facts;
  switch (load.state) {
    case 'none':
      return { do: 'load', how: 'want', sentence: `Ask for the copy in ${names.fresh}.` };
    case 'wanted':
      if (facts.nowMs - (facts.last?.atMs ?? facts.nowMs) > facts.maxHoldSeconds * 1000)
        return tooLong(facts, 'No worker began to load the copy');
      return wait('Waits for a worker that reaches the copies.');
    case 'running':
      return wait(
        `The copy is being loaded into ${names.fresh} since ${load.since}${phaseWords(load.phase)}.`,
      );
    case 'failed':
      return backOut('refused', `The copy could not be loaded: ${load.why}`);
    case 'cancelled':
      return backOut('refused', `The load was stopped: ${load.why}`);
    case 'done':
      return {
        do: 'act',
        verb: 'switch',
        sentence: `Give ${names.fresh} the name ${names.live}, and the old database the name ${names.former}.`,
      };
  }
}

const phaseTexts = {
  fetch: 'its bytes are read',
  load: 'tables and rows',
  index: 'indexes and constraints',
  checks: 'rows, constraints and indexes are looked at',
} as const;
const phaseWords = (phase: keyof typeof phaseTexts | null): string =>
  phase === null ? '' : `: ${phaseTexts[phase]}`;

/** The service has to be seen on the restored database; what it makes of the data is for people to say. */
function decideWatch(facts: RestoreFacts, layout: Exclude<Layout, { stage: 'strange' }>): RestoreMove {
  const { names, pods, sessionsBefore, watchUntilMs, nowMs } = facts;
  if (layout.stage !== 'switched')
    return drift(`${names.live} is the old database again, and not by this change.`);
  if (!layout.isOpen) return drift(`${names.live} lets nobody in, and not by this change.`);
  const isBack = layout.sessions > 0 || sessionsBefore === 0;
  const isReady = pods !== null && pods.ready >= pods.wanted;
  const seen = `${layout.sessions} session${layout.sessions === 1 ? '' : 's'} of others; ${podsWords(pods)}.`;
  if (facts.state === 'DataHold') {
    if (isBack && isReady) return watching(`The service is back: ${seen}`);
    return heldSeconds(facts) > facts.maxHoldSeconds
      ? end('Failed', `The restored data stay, but the service was not seen to come back: ${seen}`)
      : wait(`Not back yet: ${seen}`);
  }
  if (watchUntilMs !== null && nowMs < watchUntilMs) return wait(`On the restored data: ${seen}`);
  if (isBack && isReady)
    return end(
      'Succeeded',
      `${names.live} has the restored data: ${seen} The old database is kept for ${facts.keptFor} as ${names.former}.`,
    );
  return {
    do: 'hold',
    state: 'DataHold',
    kind: 'no-verdict',
    command: null,
    sentence: `The service has not come back on the restored data: ${seen} Abort switches back.`,
  };
}

const podsWords = (pods: RestoreFacts['pods']): string =>
  pods === null ? 'its pods cannot be seen' : `${pods.ready} of ${pods.wanted} pods ready`;
