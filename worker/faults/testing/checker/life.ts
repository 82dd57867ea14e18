import { changesOf, type Entry, entriesOf, isRollback, type Read, timeOf, type Violation } from './history';

const ends = [
  'change.succeeded',
  'change.backed_out',
  'change.failed',
  'change.voided',
  'change.expired',
  'change.cancelled',
  'change.rejected',
  'change.reconciled',
];
const holds = ['change.held', 'change.reconcile_required'];
const goesOn = ['change.started', 'change.resumed', 'change.watching', 'change.undo_started'];

/** The time in which a change may act: from the place that it takes to its end. */
type Span = { change: number; fromMs: number; toMs: number };

function spanOf(read: Read, change: number): Span | null {
  const [taken] = entriesOf(read, change, 'change.claimed').filter(
    ({ details }) => details['to'] === 'Revalidating',
  );
  if (taken === undefined) return null;
  const end = entriesOf(read, change, ...ends).findLast((entry) => timeOf(entry) >= timeOf(taken));
  return {
    change,
    fromMs: timeOf(taken),
    toMs: end === undefined ? Number.POSITIVE_INFINITY : timeOf(end),
  };
}

/** I4 for the end: no success without a stored PASS. */
export function checkSuccess(read: Read): Violation[] {
  if (read.history.isJudged === false) return [];
  return changesOf(read).flatMap((change) =>
    entriesOf(read, change, 'change.succeeded')
      .filter(({ details }) =>
        isRollback(read, change) ? details['verdict'] === 'FAIL' : details['verdict'] !== 'PASS',
      )
      .map((): Violation => ({ invariant: 'I4', what: `c-${change} succeeded without a stored PASS.` })),
  );
}

/** I6: each change ends in bounded time or is in a named hold; and what has ended stays ended. */
export function checkEnds(read: Read): Violation[] {
  const { endMs, boundMs } = read.history;
  return changesOf(read).flatMap((change): Violation[] => {
    const span = spanOf(read, change);
    if (span === null) return [];
    const course = entriesOf(read, change, ...ends, ...holds, ...goesOn);
    const reopened = course.findIndex(({ action }) => ends.includes(action) && action !== 'change.rejected');
    if (reopened >= 0 && reopened < course.length - 1)
      return [{ invariant: 'I6', what: `c-${change} went on after it had ended.` }];
    const last = course.at(-1);
    if (last !== undefined && ends.includes(last.action)) return [];
    if (last !== undefined && holds.includes(last.action)) return namedHold(change, last);
    if (endMs - span.fromMs <= boundMs) return [];
    const seconds = Math.round((endMs - span.fromMs) / 1000);
    return [{ invariant: 'I6', what: `c-${change} has run for ${seconds} s and is in no hold.` }];
  });
}

function namedHold(change: number, { details }: Entry): Violation[] {
  const sentence = details['sentence'];
  return typeof sentence === 'string' && sentence !== ''
    ? []
    : [{ invariant: 'I6', what: `c-${change} is held, and nothing says why.` }];
}

/** I8: at most one active change per object. */
export function checkLocks(read: Read): Violation[] {
  const found: Violation[] = [];
  const spans = new Map<string, Span[]>();
  for (const change of changesOf(read)) {
    const span = spanOf(read, change);
    const objects = new Set(
      read.writes.flatMap(({ fence, object, carriedOut }) =>
        carriedOut && fence?.change === change ? [object] : [],
      ),
    );
    for (const object of objects) {
      if (span === null) {
        found.push({ invariant: 'I8', what: `c-${change} wrote ${object} without having taken its place.` });
        continue;
      }
      const others = spans.get(object) ?? [];
      for (const other of others.filter(({ fromMs, toMs }) => fromMs < span.toMs && span.fromMs < toMs))
        found.push({
          invariant: 'I8',
          what: `c-${other.change} and c-${change} were active on ${object} at once.`,
        });
      spans.set(object, [...others, span]);
    }
  }
  const late = read.writes.filter(({ carriedOut, fence, atMs }) => {
    const span = fence === null ? null : spanOf(read, fence.change);
    return carriedOut && span !== null && (atMs < span.fromMs || atMs > span.toMs);
  });
  for (const write of late)
    found.push({
      invariant: 'I8',
      what: `Write ${write.sequence} of ${write.object} is outside the life of its change.`,
    });
  return found;
}
