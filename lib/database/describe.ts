import { hiddenQuery, maxSessions, type Session, type StateCount } from '@/lib/sources/postgresql/activity';
import type { Limits, Server, Setting } from '@/lib/sources/postgresql/server';
import type { Table } from '@/lib/sources/postgresql/size';
import { timeColumns } from '@/lib/sources/postgresql/statements';
import type {
  ConnectionsView,
  DatabaseView,
  ServerView,
  SessionRow,
  SettingsView,
  SizeView,
  StatementRow,
  StatementsView,
} from './contract';
import { guideVersions, majorOf, supportOf } from './end-of-life';
import { withoutValues } from './query-text';
import type { Statements } from './read';
import { memoryWhenAllSort, settingLines } from './settings';

/** An SQL name, quoted where it must be. */
export const quoted = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;

export function serverView(server: Server, today: Date): ServerView {
  const major = majorOf(server.versionNumber);
  const { version, standby, account, database, seesAll, startedSecondsAgo } = server;
  return {
    version,
    major,
    standby,
    account,
    database,
    seesAll,
    grant: seesAll ? null : `GRANT pg_monitor TO ${quoted(account)};`,
    upSeconds: startedSecondsAgo,
    support: supportOf(major, today),
    guideVersions: guideVersions.map((one) => ({ ...one, met: major >= one.major })),
  };
}

const shownQuery = (query: string | null): string | null =>
  query === null || query === '' || query === hiddenQuery ? null : withoutValues(query);

/** What a session waits for; a client that has nothing to ask is no wait. */
const waitOf = ({ state, waitType, waitEvent }: Session): string | null =>
  waitType === null || (waitType === 'Client' && state !== 'active')
    ? null
    : `${waitType}: ${waitEvent ?? 'unknown'}`;

export const sessionRow = (session: Session): SessionRow => ({
  pid: session.pid,
  startedAt: session.startedAt,
  user: session.user,
  application: session.application,
  address: session.address,
  state: session.state,
  wait: waitOf(session),
  seconds: session.stateSeconds,
  transactionSeconds: session.transactionSeconds,
  query: shownQuery(session.query),
  blockedBy: [...session.blockedBy],
});

type SessionsView = Extract<DatabaseView['sessions'], { value: unknown }>['value'];

export const sessionsView = (sessions: readonly Session[]): SessionsView => ({
  rows: sessions.map(sessionRow),
  more: sessions.length >= maxSessions,
  hidden: sessions.filter(({ state, query }) => state === null && query === hiddenQuery).length,
});

export function connectionsView(limits: Limits, counts: readonly StateCount[]): ConnectionsView {
  const states = new Map<string, { own: number; others: number }>();
  for (const { state, own, count } of counts) {
    const so = states.get(state) ?? { own: 0, others: 0 };
    states.set(state, own ? { ...so, own: so.own + count } : { ...so, others: so.others + count });
  }
  const rows = [...states].map(([state, sums]) => ({ state, ...sums }));
  return {
    ...limits,
    used: counts.reduce((sum, { count }) => sum + count, 0),
    hidden: rows.find(({ state }) => state === 'hidden')?.own ?? 0,
    states: rows.toSorted((a, b) => b.own + b.others - a.own - a.others),
  };
}

const preload = {
  text: 'In postgresql.conf, then restart the server; libraries that stand there already stay.',
  sql: "shared_preload_libraries = 'pg_stat_statements'",
};
const create = {
  text: 'In this database, as its owner or a superuser.',
  sql: 'CREATE EXTENSION pg_stat_statements;',
};

/** Top queries, or how to get them: an empty table would say that nothing is slow. */
export function statementsView({ extension, problem, rows }: Statements, server: Server): StatementsView {
  if (extension.version === null) {
    const steps = extension.preloaded === true ? [create] : [preload, create];
    return {
      state: 'absent',
      why: extension.available
        ? 'pg_stat_statements is not installed in this database, so nobody counts its queries.'
        : 'The server has no files of pg_stat_statements: Debian and Red Hat have them in the package postgresql-contrib.',
      steps: extension.available
        ? steps
        : [{ text: 'Install the package of the server’s version.', sql: null }, ...steps],
    };
  }
  if (problem === 'not-loaded') {
    return {
      state: 'absent',
      why: 'pg_stat_statements is installed in this database, but the server does not load its library.',
      steps: [preload],
    };
  }
  if (problem === 'no-right') {
    const [schema, account] = [quoted(extension.schema ?? 'public'), quoted(server.account)];
    return {
      state: 'absent',
      why: `pg_stat_statements counts queries here, but the account ${server.account} may not read it.`,
      steps: [
        {
          text: 'As its owner or a superuser.',
          sql: `GRANT USAGE ON SCHEMA ${schema} TO ${account};\nGRANT SELECT ON ${schema}.pg_stat_statements TO ${account};`,
        },
      ],
    };
  }
  const ordered = rows.toSorted((a, b) => a.byMean - b.byMean);
  return {
    state: 'listed',
    column: timeColumns(extension.version).mean,
    rows: ordered.map(
      (row): StatementRow => ({
        key: `${row.id ?? 'hidden'} ${row.byMean}`,
        user: row.user,
        calls: row.calls,
        meanSeconds: row.meanSeconds,
        totalSeconds: row.totalSeconds,
        rows: row.rows,
        query: server.seesAll || row.user === server.account ? shownQuery(row.query) : null,
        byMean: row.byMean,
        byTotal: row.byTotal,
        byCalls: row.byCalls,
      }),
    ),
  };
}

const tableName = ({ schema, name }: Table): string => (schema === 'public' ? name : `${schema}.${name}`);

export const sizeView = ({ bytes, largest }: { bytes: number; largest: readonly Table[] }): SizeView => ({
  bytes,
  tables: largest[0]?.tables ?? 0,
  largest: largest.map((table) => ({
    name: tableName(table),
    totalBytes: table.totalBytes,
    indexBytes: table.indexBytes,
    liveRows: table.liveRows,
    deadRows: table.deadRows,
    vacuumedSecondsAgo: table.vacuumedSecondsAgo,
  })),
});

export function settingsView(settings: readonly Setting[]): SettingsView {
  const shown = (name: string): string => settings.find((one) => one.name === name)?.shown ?? '?';
  const bytes = memoryWhenAllSort(settings);
  return {
    lines: settingLines(settings),
    memory:
      bytes === null
        ? null
        : { bytes, sum: `${shown('max_connections')} × ${shown('work_mem')} + ${shown('shared_buffers')}` },
  };
}
