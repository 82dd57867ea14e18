import { Client } from 'pg';
import { z } from 'zod';
import type { Config } from '@/lib/config/schema';
import { databaseNow, transaction } from '@/lib/db/transaction';
import { Evidence } from '../../contract';
import { heldRestore } from '../../testing/held-restore';
import { backupWorld } from '../../testing/world';
import { clearAbandonedLoads } from '../clear-loads';
import { loadCopies } from '../load-copies';
import { readLoad } from '../load-fact';
import { stopLoad, wantLoad } from '../want-load';

const actor = { kind: 'worker', id: 'w1' } as const;

/** What a superuser's objects do not show: owners, rights and a publication that a restore has to bring back. */
const OWNED = `
  CREATE ROLE shop_owner; CREATE ROLE shop_reader;
  ALTER DATABASE shop OWNER TO shop_owner; ALTER SCHEMA sales OWNER TO shop_owner;
  ALTER TABLE sales.customer OWNER TO shop_owner; ALTER TABLE sales."order line" OWNER TO shop_owner;
  GRANT USAGE ON SCHEMA sales TO shop_reader; GRANT SELECT ON sales.customer TO shop_reader;
  CREATE FUNCTION sales.customers() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM sales.customer';
  REVOKE EXECUTE ON FUNCTION sales.customers() FROM PUBLIC; GRANT EXECUTE ON FUNCTION sales.customers() TO shop_reader;
  CREATE PUBLICATION customers FOR TABLE sales.customer;`;

/** Changes that restore a shop, as far as their loads go: their databases are made here by hand. */
export async function restoreWorld() {
  const world = await backupWorld();
  const { db, admin } = world;
  await admin.query(OWNED);
  const restore = { url: world.secret('restore.url', world.server.urlOf('postgres')) };
  const config = (backups?: object, more: object = {}): Config =>
    world.config({}, backups, { restore, ...more });
  const client = async (name: string) => {
    const connected = new Client({ connectionString: world.server.urlOf(name) });
    await connected.connect();
    return connected;
  };
  /** Rows of one question to a database of the server. */
  const ask = async <T extends object>(name: string, sql: string): Promise<T[]> => {
    const connected = await client(name);
    try {
      return (await connected.query<T>(sql)).rows;
    } finally {
      await connected.end();
    }
  };
  const oidOf = async (name: string): Promise<number> => {
    const { rows } = await admin.query<{ oid: number }>('SELECT oid FROM pg_database WHERE datname = $1', [
      name,
    ]);
    return Number(rows[0]?.oid);
  };
  /** A change of this kind over the shop that runs. */
  const change = (more: object = {}) =>
    db.change.create({
      data: {
        kind: 'restore',
        // One change at a time for each workload; databases are asked of by others too.
        service: `shop-${crypto.randomUUID().slice(0, 8)}`,
        environment: 'production',
        region: 'us-east-1',
        cluster: 'test',
        namespace: 'shop',
        plan: { data: { do: 'restore', database: 'shop' } },
        planHash: 'hash',
        policy: {},
        reason: 'Rows were deleted',
        requesterId: crypto.randomUUID(),
        requesterName: 'Sam Reyes',
        reviewExpiresAt: new Date(),
        startedAt: new Date(),
        state: 'Running',
        ...more,
      },
      select: { number: true },
    });
  /** A running change with the empty database that it made. */
  const begun = async () => {
    const { number } = await change();
    const into = `shop_r_c${String(number).padStart(7, '0')}`;
    await admin.query(`CREATE DATABASE "${into}" TEMPLATE template0 OWNER shop_owner`);
    return { number, into, oid: await oidOf(into) };
  };
  type Begun = Awaited<ReturnType<typeof begun>>;
  const want = async (copyId: string, { number, into, oid }: Begun, more: object = {}) => {
    const asked = { database: 'shop', change: number, copyId, into: { name: into, oid }, ...more };
    return transaction(async (tx) => wantLoad(tx, actor, asked, await databaseNow(tx)), db);
  };
  return {
    ...world,
    config,
    restore,
    ask,
    client,
    oidOf,
    change,
    begun,
    want,
    /** A running change whose load is asked for. */
    asked: async (copyId: string) => {
      const made = await begun();
      await want(copyId, made);
      return made;
    },
    stopLoad: (number: number, why = 'Sam Reyes aborted: wrong copy') =>
      transaction((tx) => stopLoad(tx, actor, { database: 'shop', change: number }, why), db),
    load: (given: Config = config(), workerId?: string, signal?: AbortSignal) =>
      loadCopies(world.copier(given, workerId, signal)),
    clearLoads: (given: Config = config()) => clearAbandonedLoads(world.copier(given, 'w2')),
    fact: (number: number) => readLoad(db, number),
    row: async (number: number) => {
      const row = await db.restoreRun.findFirstOrThrow({ where: { changeNumber: number } });
      return { ...row, evidence: z.array(Evidence).parse(row.evidence) };
    },
    /** Entries of loads and what became of them. */
    told: async () => (await world.audit()).filter(({ action }) => /^backup\.(load|set_aside)_/.test(action)),
    /** A configuration whose loads wait until `go` is called, or the test is over. */
    held: () => {
      const { tools, go } = heldRestore(world);
      return { config: config(tools), input: world.input({}, tools, { restore }), go };
    },
    clean: async () => {
      await world.clean();
      await db.$executeRaw`TRUNCATE change, set_aside, kill_switch, command CASCADE`;
      const { rows } = await admin.query<{ name: string }>(
        `SELECT datname AS name FROM pg_database WHERE datname ~ '^shop_(r|pre)_'`,
      );
      for (const { name } of rows) await admin.query(`DROP DATABASE "${name}" WITH (FORCE)`);
    },
  };
}
export type RestoreWorld = Awaited<ReturnType<typeof restoreWorld>>;
