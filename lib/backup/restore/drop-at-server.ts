import 'server-only';
import type { Client } from 'pg';
import { z } from 'zod';
import { changeId } from '@/lib/core/ids';
import type { Target } from '../connection';
import { withSession } from '../session';

/** What the comment of a database says of the change that made or set it aside; null: nothing of ours. */
export type MarkReader = (
  comment: string | null,
) => { change: number; epoch: number; installation: string } | null;

export type Dropping = {
  target: Target;
  name: string;
  oid: number;
  change: number;
  installation: string;
  /** What a change made carries its mark; what was replaced is told by the mark of the one that took its place. */
  mayBeBeside: boolean;
  /** The server was told before: what is gone is gone by us. */
  isBegun: boolean;
  readMark: MarkReader;
  /** Written down before the server is told. */
  begin: () => Promise<void>;
  signal: AbortSignal;
};

/** A large database takes a while to be removed from a disk. */
const answerSeconds = 600;

const Seen = z.object({
  name: z.string(),
  oid: z.coerce.number(),
  comment: z.string().nullable(),
  sessions: z.int(),
  users: z.array(z.string()).nullable(),
});

const question = `
  SELECT d.datname AS name, d.oid::bigint AS oid, shobj_description(d.oid, 'pg_database') AS comment,
    count(a.pid)::int AS sessions, array_agg(DISTINCT a.usename::text) FILTER (WHERE a.usename IS NOT NULL) AS users
  FROM pg_database d LEFT JOIN pg_stat_activity a ON a.datid = d.oid
  WHERE d.datname = $1 OR d.oid = $2 GROUP BY d.oid, d.datname`;

const Comment = z.object({ comment: z.string() });
async function readComments(client: Client): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT description AS comment FROM pg_shdescription WHERE classoid = 'pg_database'::regclass`,
  );
  return rows.map((row) => Comment.parse(row).comment);
}

/** Drops exactly this database, never by force. Why it stays; null when it is gone. Throws what the driver throws. */
export const dropAtServer = (dropping: Dropping): Promise<string | null> =>
  withSession(
    dropping.target,
    { appName: 'signalbox-restore', answerSeconds, signal: dropping.signal },
    async (client) => {
      const why = await standsInTheWay(client, dropping);
      if (why !== 'nothing') return why;
      await dropping.begin();
      // Without FORCE: a session that came since is told by the server, and the database stays.
      await client.query(`DROP DATABASE ${client.escapeIdentifier(dropping.name)}`);
      return null;
    },
  );

/** Null: it is gone already, by an order of ours whose answer was lost. */
async function standsInTheWay(client: Client, dropping: Dropping): Promise<string | 'nothing' | null> {
  const { name, oid, change, installation, isBegun, mayBeBeside, readMark } = dropping;
  const { rows } = await client.query(question, [name, oid]);
  const seen = z.array(Seen).parse(rows);
  if (seen.length === 0) {
    return isBegun
      ? null
      : `The server of databases[].restore.url has no database ${name} (OID ${oid}): it was dropped by somebody else, or the URL names another server now.`;
  }
  const found = seen.find((one) => one.name === name && one.oid === oid);
  if (found === undefined) {
    const said = seen.map((one) => `${one.name} has OID ${one.oid}`).join(', ');
    return `At the server ${said}; what was set aside is ${name} with OID ${oid}. Name and OID have to fit both.`;
  }
  const isOurs = (comment: string | null): boolean => {
    const mark = readMark(comment);
    return mark?.installation === installation && mark.change === change;
  };
  if (!isOurs(found.comment) && !(mayBeBeside && (await readComments(client)).some(isOurs)))
    return `No comment at the server says that ${changeId(change)} of this console set ${name} aside.`;
  if (found.sessions > 0) {
    const who = (found.users ?? []).slice(0, 5).join(', ');
    const sessions = `${found.sessions} session${found.sessions === 1 ? ' is' : 's are'}`;
    return `${sessions} in ${name}${who === '' ? '' : ` (${who})`}: somebody uses it.`;
  }
  return 'nothing';
}
