import { formatDuration } from '@/lib/core/duration';
import type { Reading } from '@/lib/core/reading';
import type { ConnectionsView, DatabaseView, ReplicationView, ServerView } from './contract';
import { type PoolLine, tightShare } from './pool';

type Judgement = DatabaseView['judgement'];
type Said = { tone: Exclude<Judgement['tone'], 'ok'>; sentence: string };

/** A transaction that is open for longer than this keeps VACUUM from its work, whatever it does. */
export const longTransactionSeconds = 15 * 60;

type Sessions = Extract<DatabaseView['sessions'], { value: unknown }>['value'];
export type Judged = {
  server: Reading<ServerView>;
  sessions: Reading<Sessions>;
  connections: Reading<ConnectionsView>;
  replication: Reading<ReplicationView>;
  pool: readonly PoolLine[];
  /** Why the database lets nobody in, where a change has closed it; null or absent: none did. */
  closedBy?: string | null;
};

function ofServer({ support, major, seesAll }: ServerView): Said[] {
  const said: Said[] = [];
  if (support.state === 'ended') {
    said.push({
      tone: 'crit',
      sentence: `PostgreSQL ${major} has had no corrections since ${support.ends}.`,
    });
  }
  if (support.state === 'ending') {
    said.push({
      tone: 'warn',
      sentence: `PostgreSQL ${major} gets its last corrections on ${support.ends}.`,
    });
  }
  if (support.state === 'unknown') {
    said.push({
      tone: 'unknown',
      sentence: `Until when PostgreSQL ${major} is supported is not known here.`,
    });
  }
  if (!seesAll) said.push({ tone: 'unknown', sentence: 'What other accounts do is hidden from ours.' });
  return said;
}

function ofConnections({ max, reserved, used }: ConnectionsView): Said[] {
  const usable = max - reserved;
  if (used >= usable) return [{ tone: 'crit', sentence: `All ${usable} connections are taken.` }];
  return used > usable * tightShare
    ? [{ tone: 'warn', sentence: `${used} of ${usable} connections are taken.` }]
    : [];
}

function ofSessions({ rows }: Sessions): Said[] {
  const blocked = rows.filter(({ blockedBy }) => blockedBy.length > 0).length;
  const long = rows.flatMap(({ pid, transactionSeconds: age }) =>
    age !== null && age > longTransactionSeconds ? [{ pid, age }] : [],
  );
  const oldest = long.toSorted((a, b) => b.age - a.age)[0];
  return [
    ...(blocked === 0
      ? []
      : [
          {
            tone: 'warn',
            sentence: `${blocked === 1 ? 'A session waits' : `${blocked} sessions wait`} for a lock.`,
          } as const,
        ]),
    ...(oldest === undefined
      ? []
      : [
          {
            tone: 'warn',
            sentence: `The transaction of process ${oldest.pid} is open for ${formatDuration(oldest.age)}.`,
          } as const,
        ]),
  ];
}

function ofReplication({ receiving, standbys }: ReplicationView): Said[] {
  const said: Said[] = [];
  if (receiving?.state === 'late')
    said.push({ tone: 'crit', sentence: `This standby: ${receiving.sentence}` });
  for (const { name, lag } of standbys) {
    if (lag.state === 'late') said.push({ tone: 'crit', sentence: `Standby ${name}: ${lag.sentence}` });
  }
  return said;
}

const ofPool = (lines: readonly PoolLine[]): Said[] =>
  lines
    .filter(({ state }) => state === 'over')
    .map(({ border, sum }) => ({ tone: 'warn', sentence: `Pools do not fit, ${border}: ${sum}.` }));

const order = { crit: 0, warn: 1, unknown: 2, ok: 3 } as const;

/** What a person should know first, the worst first; only what is known now speaks, so silence is never "well". */
export function judge({
  server,
  sessions,
  connections,
  replication,
  pool,
  closedBy = null,
}: Judged): Judgement {
  if (server.state !== 'fresh') {
    const why = server.detail ?? 'The database cannot be read.';
    const sentences = closedBy === null ? [why] : [closedBy, why];
    return { tone: server.state === 'stale' ? 'warn' : 'unknown', sentences };
  }
  const of = <T>(reading: Reading<T>, say: (value: T) => Said[], what: string): Said[] =>
    reading.state === 'fresh'
      ? say(reading.value)
      : [{ tone: 'unknown', sentence: `${what} cannot be read now.` }];
  const said = [
    ...ofServer(server.value),
    ...of(connections, ofConnections, 'Connections'),
    ...of(sessions, ofSessions, 'Sessions'),
    ...of(replication, ofReplication, 'Replication'),
    ...ofPool(pool),
  ].toSorted((a, b) => order[a.tone] - order[b.tone]);
  return { tone: said[0]?.tone ?? 'ok', sentences: said.map(({ sentence }) => sentence) };
}
