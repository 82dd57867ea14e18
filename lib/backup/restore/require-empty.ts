import 'server-only';
import { z } from 'zod';
import { fact } from '../check';
import type { Target } from '../connection';
import type { Evidence } from '../contract';
import { Obstacle } from '../restore-parts';
import { withSession } from '../session';

/** The database that a change made to load into, at its server. */
export type Into = { target: Target; oid: number; appName: string; signal: AbortSignal };

/** A server that takes longer for a question about its catalog is none to work with. */
const answerSeconds = 60;

/** What is not of the server itself has a number from here on (FirstNormalObjectId). */
const firstOfUsers = 16_384;

/** Each catalog in which a database would hold something of its own; temporary schemas are of sessions. */
const kinds = {
  relations: `pg_class WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_(temp|toast_temp)_') AND`,
  schemas: `pg_namespace WHERE nspname !~ '^pg_(temp|toast_temp)_' AND`,
  functions: 'pg_proc WHERE',
  types: `pg_type WHERE typnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_(temp|toast_temp)_') AND`,
  extensions: 'pg_extension WHERE',
  'large objects': 'pg_largeobject_metadata WHERE',
  languages: 'pg_language WHERE',
  'foreign servers': 'pg_foreign_server WHERE',
  'event triggers': 'pg_event_trigger WHERE',
  publications: 'pg_publication WHERE',
} as const;

const contents = Object.entries(kinds)
  .map(([kind, from]) => `SELECT '${kind}' AS kind, count(*)::int AS n FROM ${from} oid >= ${firstOfUsers}`)
  .join(' UNION ALL ');

const Oid = z.object({ oid: z.coerce.number() });
const Content = z.object({ kind: z.string(), n: z.int() });

/** The database is the one that the change made, by its OID. Throws Obstacle, and what the driver throws. */
export const requireSame = (into: Into): Promise<void> =>
  look(into, { isEmpty: false }).then(() => undefined);

/** And nothing is in it: never is a copy loaded over something. Throws as `requireSame`. */
export const requireEmpty = (into: Into): Promise<Evidence[]> => look(into, { isEmpty: true });

async function look(into: Into, { isEmpty }: { isEmpty: boolean }): Promise<Evidence[]> {
  const { target, oid, appName, signal } = into;
  const name = target.database;
  const seen = await withSession(target, { appName, answerSeconds, signal }, async (client) => {
    const here = await client.query(
      'SELECT oid::bigint AS oid FROM pg_database WHERE datname = current_database()',
    );
    const found = Oid.parse(here.rows[0]).oid;
    const rows = isEmpty && found === oid ? (await client.query(contents)).rows : [];
    return { oid: found, contents: z.array(Content).parse(rows) };
  });
  if (seen.oid !== oid) {
    throw new Obstacle(
      `The database ${name} at the server is another one than the change made: its OID is ${seen.oid} and not ${oid}. Nothing was loaded into it.`,
      false,
    );
  }
  if (!isEmpty) return [];
  const there = seen.contents.filter(({ n }) => n > 0).map(({ kind, n }) => `${n} ${kind}`);
  const said = there.length === 0 ? 'none' : there.join(', ');
  const evidence = [fact(`What is in ${name} before the load`, 'none', said)];
  if (there.length === 0) return evidence;
  throw new Obstacle(
    `The database ${name} at the server is not empty (${said}). A copy is never loaded over something.`,
    false,
    evidence,
  );
}
