import { Entry, timeOf } from './history';

/**
 * What is judged of a change that acts on a database, beside the audit log: the copies there are, and what became of the
 * sessions of the served database by its own word.
 */
export type DataHistory = {
  change: number;
  /** Bodies of audit entries, oldest first. */
  audit: readonly string[];
  /** Copies of the change by their rows, and the whole files in the folder. */
  copies: readonly { state: string; object: string }[];
  files: readonly string[];
  sessions: readonly { name: string; isSigned: boolean; isEnded: boolean }[];
  /** Orders to end a session that reached the server, oldest first. */
  orders: readonly { worker: string; atMs: number; isCarriedOut: boolean }[];
};

/**
 * D1: a change has one copy at most, and one file of it. D2: one session ends, once, and it is the signed one. D3:
 * nothing is begun after an abort was applied, nor by a worker that holds the change no more. D4: every act is announced.
 */
export const dataInvariants = ['D1', 'D2', 'D3', 'D4'] as const;
export type DataViolation = { invariant: (typeof dataInvariants)[number]; what: string };

type Read = DataHistory & { entries: Entry[] };

export function checkData(history: DataHistory): DataViolation[] {
  const entries = history.audit.map((body) => Entry.parse(JSON.parse(body)));
  const read = { ...history, entries };
  return [...checkCopies(read), ...checkSessions(read), ...checkAfter(read), ...checkAnnounced(read)];
}

const ofChange = ({ entries, change }: Read, ...actions: string[]): Entry[] =>
  entries.filter((entry) => entry.change === change && actions.includes(entry.action));

function checkCopies(read: Read): DataViolation[] {
  const broken = (what: string): DataViolation => ({ invariant: 'D1', what });
  const { copies, files, entries } = read;
  const found: DataViolation[] = [];
  if (copies.length > 1) found.push(broken(`The change has ${copies.length} copies.`));
  const own = files.filter((file) => copies.some(({ object }) => file === object));
  if (files.length > own.length) found.push(broken(`There are files of no copy: ${files.join(', ')}.`));
  const asked = ofChange(read, 'backup.asked').length - ofChange(read, 'backup.withdrawn').length;
  if (asked > 1) found.push(broken(`A copy was asked for ${asked} times.`));
  const kept = entries.filter(({ action }) => action === 'backup.kept').length;
  if (kept > 1) found.push(broken(`${kept} copies were kept.`));
  for (const { state, object } of copies) {
    if (state === 'kept' && !files.includes(object)) found.push(broken(`The file of ${object} is gone.`));
    if (state === 'failed' && files.includes(object))
      found.push(broken(`${object} failed, and its file is there.`));
  }
  return found;
}

function checkSessions({ sessions, orders }: Read): DataViolation[] {
  const strangers = sessions.filter(({ isSigned, isEnded }) => isEnded && !isSigned);
  const carriedOut = orders.filter((order) => order.isCarriedOut).length;
  return [
    ...strangers.map(({ name }) => ({
      invariant: 'D2' as const,
      what: `${name} was ended, and nobody signed that.`,
    })),
    ...(carriedOut > 1 ? [{ invariant: 'D2' as const, what: `${carriedOut} orders ended a session.` }] : []),
  ];
}

function checkAfter(read: Read): DataViolation[] {
  const [back] = ofChange(read, 'change.undo_started', 'change.cancelled');
  const found: DataViolation[] = [];
  const broken = (what: string) => found.push({ invariant: 'D3', what });
  if (back !== undefined) {
    const begun = ofChange(read, 'backup.asked', 'backup.started', 'change.intent');
    for (const { action } of begun.filter((entry) => timeOf(entry) > timeOf(back)))
      broken(`${action} came after the change had gone back.`);
    if (read.orders.some(({ isCarriedOut, atMs }) => isCarriedOut && atMs > timeOf(back)))
      broken('A session was ended after the change had gone back.');
  }
  for (const { worker, atMs } of read.orders.filter(({ isCarriedOut }) => isCarriedOut)) {
    const own = intentOf(read, worker, atMs)?.details['epoch'];
    const later = ofChange(read, 'change.claimed').some(
      (entry) => typeof own === 'number' && Number(entry.details['epoch']) > own && timeOf(entry) < atMs,
    );
    if (later) broken(`A session was ended by ${worker} after another worker had taken the change over.`);
  }
  return found;
}

/** What a worker announced last before a moment. */
const intentOf = (read: Read, worker: string, atMs: number): Entry | undefined =>
  ofChange(read, 'change.intent').findLast((entry) => entry.actor.id === worker && timeOf(entry) <= atMs);

function checkAnnounced(read: Read): DataViolation[] {
  const silent = read.orders.filter(({ worker, atMs }) => intentOf(read, worker, atMs) === undefined);
  const unasked = read.copies.filter(
    ({ object }) => object !== '' && ofChange(read, 'backup.asked').length === 0,
  );
  return [
    ...silent.map(({ worker }) => ({
      invariant: 'D4' as const,
      what: `${worker} gave an order that it had not announced.`,
    })),
    ...unasked.map(({ object }) => ({
      invariant: 'D4' as const,
      what: `Nobody asked for the copy ${object}.`,
    })),
  ];
}
