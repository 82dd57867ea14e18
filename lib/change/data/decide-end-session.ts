import { formatDuration } from '@/lib/core/duration';
import type { EndSessionFacts, EndSessionMove } from './facts';
import { decideFirst, decidePause, end, inStateSeconds, tooLong, wait, watching } from './steer';

/**
 * The next move of a change that ends a session. Pure. The server is told once; what became of an order that nobody
 * wrote down is seen by the session itself.
 */
export function decideEndSession(facts: EndSessionFacts): EndSessionMove {
  const first = decideFirst(facts);
  if (first !== null) return first;
  if (facts.open) return decideOpen(facts);
  if (facts.backingOut) {
    return end('BackedOut', backWords(facts));
  }
  const begun = facts.sent ? 'the server has been told.' : null;
  return decidePause(facts, begun) ?? decideSession(facts);
}

function backWords({ name, sent, givenUp }: EndSessionFacts): string {
  if (sent) return `${name} had been ended before: that cannot be taken back.`;
  return givenUp
    ? `${name} was still there, and the order was not sent again.`
    : 'Nothing was sent to the server.';
}

/** An order without an end: a session that is gone was ended, one that is there was not told, or tells itself later. */
function decideOpen(facts: EndSessionFacts): EndSessionMove {
  switch (facts.seen) {
    case 'gone':
      return {
        do: 'recover',
        as: 'adopted',
        sentence: `${facts.name} is gone; the result of the order had not been written down.`,
      };
    case 'there':
      return facts.backingOut
        ? { do: 'recover', as: 'given-up', sentence: 'The order is not sent again: the change goes back.' }
        : { do: 'recover', as: 'again', sentence: 'The order is sent again.' };
    case 'hidden':
      return end('Failed', `What became of the order is not known. ${hiddenWords(facts)}`);
    case 'silent':
      return inStateSeconds(facts) > facts.maxHoldSeconds
        ? end('Failed', 'The database did not answer any more: what became of the order is not known.')
        : silent();
  }
}

const silent = (): EndSessionMove => wait('The database does not answer; nothing is done until it does.');

const hiddenWords = ({ name }: Pick<EndSessionFacts, 'name'>): string =>
  `The account that ends sessions does not see when ${name.replace('Session', 'session')} began: GRANT pg_read_all_stats and pg_signal_backend to it.`;

function decideSession(facts: EndSessionFacts): EndSessionMove {
  const { name, seen } = facts;
  if (facts.refused !== null && !facts.sent) return end('Failed', facts.refused);
  if (facts.state === 'Running') {
    if (facts.sent) return watching('The server was told; now it is seen whether the session ends.');
    switch (seen) {
      case 'there':
        return { do: 'send', sentence: `End ${name.replace('Session', 'session')}.` };
      case 'gone':
        return watching(`${name} has ended by itself.`);
      case 'hidden':
        return end('Failed', `Nothing was sent. ${hiddenWords(facts)}`);
      case 'silent':
        return inStateSeconds(facts) > facts.maxHoldSeconds
          ? tooLong(facts, 'The database did not answer')
          : silent();
    }
  }
  if (seen === 'gone') {
    return end(
      'Succeeded',
      facts.sent
        ? `${name} has ended; what it had not committed is rolled back.`
        : `${name} had ended by itself. Nothing was sent to the server.`,
    );
  }
  if (seen === 'silent') {
    return inStateSeconds(facts) > facts.maxHoldSeconds
      ? end(
          'Failed',
          'The server was told, and has not answered since: whether the session ended is not known.',
        )
      : silent();
  }
  if (inStateSeconds(facts) > facts.goneWithinSeconds) {
    return end(
      'Failed',
      `${name} is still there ${formatDuration(facts.goneWithinSeconds)} after the server was told to end it.`,
    );
  }
  return wait(`${name} is still there: it ends when it next looks whether it should.`);
}
