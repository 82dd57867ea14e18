import type { RestoreFacts, RestoreMove } from './restore-facts';
import type { Layout } from './restore-layout';
import { end, inStateSeconds, wait } from './steer';

/** The way back: what is under way is stopped, names as they were, sessions let in, and what was made dropped or kept. */
export function decideRestoreBack(facts: RestoreFacts, layout: Layout, refused: string | null): RestoreMove {
  const { names, last } = facts;
  if (refused !== null)
    return { do: 'hold', state: 'DriftHold', kind: 'refused', command: null, sentence: refused };
  if (layout.stage === 'strange') {
    return inStateSeconds(facts) > facts.maxHoldSeconds
      ? end('Failed', `${layout.what} It is left as it is.`)
      : { do: 'hold', state: 'DriftHold', kind: 'drift', command: null, sentence: layout.what };
  }
  const stopping = stopCopy(facts) ?? stopLoad(facts);
  if (stopping !== null) return stopping;
  switch (layout.stage) {
    case 'switched':
      return {
        do: 'act',
        verb: 'switch-back',
        sentence: `Give the old database the name ${names.live} again, and the restored one the name ${names.fresh}.`,
      };
    case 'closed':
      return { do: 'act', verb: 'open', sentence: `Let sessions into ${names.live} again.` };
    case 'made':
      // What was written since the switch is in it: it is kept like a database that was replaced.
      if (last?.verb === 'switch-back' && last.isDone)
        return end(
          'BackedOut',
          `${names.live} is the old database again, as it was when it was closed. What was written since is kept for ${facts.keptFor} in ${names.fresh}.`,
        );
      return { do: 'act', verb: 'drop', sentence: `Drop ${names.fresh}.` };
    case 'unfinished':
      return { do: 'act', verb: 'drop', sentence: `Drop ${names.fresh}, which was not finished.` };
    case 'untouched':
      return layout.isOpen || last === null
        ? end('BackedOut', `${names.live} is as it was, and lets sessions in.`)
        : {
            do: 'hold',
            state: 'DriftHold',
            kind: 'drift',
            command: null,
            sentence: `${names.live} lets nobody in, and ${names.fresh}, under whose fence it would be opened, is gone. ALTER DATABASE … ALLOW_CONNECTIONS true opens it.`,
          };
  }
}

function stopCopy({ copy }: RestoreFacts): RestoreMove | null {
  if (copy.state === 'wanted')
    return {
      do: 'copy',
      how: 'withdraw',
      sentence: 'The safety copy is withdrawn before a worker began it.',
    };
  if (copy.state !== 'running') return null;
  return copy.isStopping
    ? wait('The worker that makes the safety copy was told to stop.')
    : { do: 'copy', how: 'stop', sentence: 'The worker that makes the safety copy is told to stop.' };
}

function stopLoad({ load }: RestoreFacts): RestoreMove | null {
  if (load.state !== 'wanted' && load.state !== 'running') return null;
  return load.state === 'running' && load.isStopping
    ? wait('The worker that loads the copy was told to stop.')
    : { do: 'load', how: 'stop', sentence: 'The load of the copy is stopped.' };
}
