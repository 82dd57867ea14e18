import { PrismaPg } from '@prisma/adapter-pg';
import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  SqlQueryable,
  Transaction,
} from '@prisma/driver-adapter-utils';
import type { Database } from '@/lib/db/client';
import { PrismaClient } from '@/prisma/generated/client';
import type { Gate } from './gate';

/** Changes what is sent to the database: how a mutant is made. */
export type Tamper = {
  /** Another statement in place of one. */
  statement?: (sql: string) => string;
  /** Asked before a commit with the statements of the transaction: false rolls it back and says nothing. */
  commits?: (statements: readonly string[]) => boolean;
};

export type GatedDatabase = {
  db: Database;
  /** Whose calls these are from now on. */
  use: (gate: Gate, tamper?: Tamper) => void;
};

type Current = { gate: Gate; tamper: Tamper };

/** A database client of one worker, every statement of which is a point of the gate in use. */
export function gatedDatabase(connectionString: string, gate: Gate): GatedDatabase {
  const current: Current = { gate, tamper: {} };
  const inner = new PrismaPg({ connectionString, max: 10, connectionTimeoutMillis: PATIENCE_MS });
  const factory: SqlDriverAdapterFactory = {
    provider: inner.provider,
    adapterName: inner.adapterName,
    connect: async () => gatedAdapter(await inner.connect(), current),
  };
  return {
    db: patient(new PrismaClient({ adapter: factory })),
    use: (next, tamper = {}) => {
      current.gate = next;
      current.tamper = tamper;
    },
  };
}

/** Transactions end when the process does, and never because the machine is busy or the process stood still for long. */
const PATIENCE_MS = 3_600_000;

const patient = (client: PrismaClient): PrismaClient =>
  new Proxy(client, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      if (key !== '$transaction') return member.bind(target);
      return (work: unknown, options: object = {}) =>
        Reflect.apply(member, target, [work, { ...options, maxWait: PATIENCE_MS, timeout: PATIENCE_MS }]);
    },
  });

const wordOf = ({ sql }: SqlQuery): string => sql.trim().split(/\s+/, 1)[0]?.toLowerCase() ?? '';

function gatedAdapter(inner: SqlDriverAdapter, current: Current): SqlDriverAdapter {
  return {
    provider: inner.provider,
    adapterName: inner.adapterName,
    ...gatedQueries(inner, current, true),
    executeScript: (script) => inner.executeScript(script),
    startTransaction: async (level) => {
      const { gate, tamper } = current;
      return gatedTransaction(
        await gate.pass('database', 'begin', () => inner.startTransaction(level)),
        gate,
        tamper,
      );
    },
    ...(inner.getConnectionInfo === undefined
      ? {}
      : { getConnectionInfo: () => inner.getConnectionInfo?.() ?? { supportsRelationJoins: false } }),
    dispose: () => inner.dispose(),
  };
}

/** `alone`: each statement is a transaction of its own, so that a write stays when the process dies after it. */
function gatedQueries(
  inner: Pick<SqlQueryable, 'queryRaw' | 'executeRaw'>,
  current: Current,
  alone: boolean,
): Pick<SqlQueryable, 'queryRaw' | 'executeRaw'> {
  const pass = <T>(query: SqlQuery, call: () => Promise<T>): Promise<T> =>
    current.gate.pass('database', wordOf(query), call, alone && wordOf(query) !== 'select');
  const sent = (query: SqlQuery): SqlQuery => ({
    ...query,
    sql: current.tamper.statement?.(query.sql) ?? query.sql,
  });
  return {
    queryRaw: (query) => pass(query, () => inner.queryRaw(sent(query))),
    executeRaw: (query) => pass(query, () => inner.executeRaw(sent(query))),
  };
}

/**
 * A transaction stays with the gate that it began under. What the process does not live to commit is rolled back,
 * as the server does when a connection breaks or, after `idle_in_transaction_session_timeout`, stands still.
 */
function gatedTransaction(inner: Transaction, gate: Gate, tamper: Tamper): Transaction {
  const current: Current = { gate, tamper };
  const statements: string[] = [];
  let over = false;
  const rollBack = async () => {
    if (over) return;
    over = true;
    await inner.executeRaw({ sql: 'ROLLBACK', args: [], argTypes: [] });
  };
  const closed = gate.holdOpen(rollBack);
  const requireOpen = (): void => {
    if (over) throw new Error('The server ended the transaction because it stood still.');
  };
  // Asked when the statement is sent: it may have stood still before that, and would be a transaction of its own.
  const sending: Pick<SqlQueryable, 'queryRaw' | 'executeRaw'> = {
    queryRaw: async (query) => {
      requireOpen();
      return inner.queryRaw(query);
    },
    executeRaw: async (query) => {
      requireOpen();
      return inner.executeRaw(query);
    },
  };
  const queries = gatedQueries(sending, current, false);
  const running = <T>(query: SqlQuery, send: () => Promise<T>): Promise<T> => {
    requireOpen();
    statements.push(query.sql);
    return send();
  };
  const commit = async (): Promise<number> => {
    requireOpen();
    over = true;
    const sql = tamper.commits?.(statements) === false ? 'ROLLBACK' : 'COMMIT';
    return inner.executeRaw({ sql, args: [], argTypes: [] });
  };
  return {
    provider: inner.provider,
    adapterName: inner.adapterName,
    options: inner.options,
    queryRaw: (query) => running(query, () => queries.queryRaw(query)),
    executeRaw: async (query) => {
      const word = wordOf(query);
      if (word === 'rollback') {
        await rollBack();
        return 0;
      }
      if (word !== 'commit') return running(query, () => queries.executeRaw(query));
      return gate.pass('database', 'commit', commit, true);
    },
    commit: async () => {
      closed();
      await rollBack();
      await inner.commit();
    },
    rollback: async () => {
      closed();
      await rollBack();
      await inner.rollback();
    },
  };
}
