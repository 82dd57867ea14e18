// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { missing, type Reading, stale } from '@/lib/core/reading';
import type { DatabaseView } from '@/lib/database/contract';
import { failoverView } from '@/lib/database/failover';
import { databaseView, readAt } from '@/lib/database/testing/database-view';
import { DatabaseTab } from './database-panels';

afterEach(cleanup);

const show = (more: Partial<DatabaseView> = {}) =>
  render(
    <DatabaseTab
      view={{
        service: 'architect-api',
        environment: 'production',
        region: 'us-east-1',
        database: databaseView(more),
      }}
    />,
  );
const panel = (title: string) => {
  const found = screen.getByRole('heading', { level: 2, name: title }).closest('section');
  if (found === null) throw new Error(`There is no panel ${title}.`);
  return within(found);
};
const down = missing('unreachable', 'Database architect-us refuses connections.');
const old = <T,>(reading: { value: T }) =>
  stale(reading.value, readAt.toISOString(), 'timeout', 'Database architect-us did not answer within 4 s.');
const held = <T,>(reading: Reading<T>): { value: T } => {
  if (reading.state === 'missing') throw new Error('The fixture is fresh.');
  return reading;
};

test('a service without a database here says what to add', () => {
  render(
    <DatabaseTab view={{ service: 'mailer', environment: 'staging', region: 'eu-west-1', database: null }} />,
  );
  expect(screen.getByText('No database is configured here')).toBeDefined();
  expect(screen.getByText(/service: mailer, environment: staging, region: eu-west-1/)).toBeDefined();
});

test('everything that is known stands in its panel', () => {
  show();
  expect(panel('Sessions').getByText('SELECT * FROM projects WHERE owner = ?')).toBeDefined();
  expect(panel('Connections').getByText('12 of 117 that the server gives')).toBeDefined();
  expect(panel('Replication').getByText('200 ms behind, within 30 s.')).toBeDefined();
  expect(panel('Size').getByText('events')).toBeDefined();
  expect(panel('Settings').getByText('Another value')).toBeDefined();
  expect(panel('Settings').getByText('Not shown to us')).toBeDefined();
  expect(panel('Settings').getByText(/PostgreSQL 15 is older than 000 would have it/)).toBeDefined();
  expect(screen.queryByText(/^No (sessions|connections|size|replication)/)).toBeNull();
});

const titles = ['Sessions', 'Top queries', 'Connections', 'Replication', 'Size', 'Settings'];

test('a database that was never there costs every panel its values and gives none a wrong one', () => {
  show({
    server: down,
    sessions: down,
    connections: down,
    statements: down,
    replication: down,
    size: down,
    settings: down,
    failover: failoverView(down, down),
  });
  for (const title of titles) {
    expect(
      panel(title).getByText(`No ${title.toLowerCase()}: Database architect-us refuses connections.`),
    ).toBeDefined();
  }
  expect(screen.getAllByText('No data')).toHaveLength(4);
  expect(panel('Failover').getByText(/is one observer only/)).toBeDefined();
});

test('a database that fell silent keeps what is known, with its age and the reason', () => {
  const known = databaseView();
  show({
    sessions: old(held(known.sessions)),
    connections: old(held(known.connections)),
    statements: old(held(known.statements)),
    replication: old(held(known.replication)),
    size: old(held(known.size)),
    settings: old(held(known.settings)),
  });
  for (const title of titles) {
    const said = panel(title).getByRole('status').textContent;
    expect(said).toContain(`${title} as of`);
    expect(said).toContain('did not answer within 4 s');
  }
  expect(panel('Sessions').getByText('SELECT * FROM projects WHERE owner = ?')).toBeDefined();
});

test('nobody connected, no standby, no table and no sample each say so', () => {
  const { size, replication, connections } = databaseView();
  const now = { state: 'fresh' as const, observedAt: readAt.toISOString() };
  show({
    sessions: { ...now, value: { rows: [], more: false, hidden: 0 } },
    statements: { ...now, value: { state: 'listed', column: 'mean_exec_time', rows: [] } },
    replication: { ...now, value: { ...held(replication).value, standbys: [] } },
    size: { ...now, value: { ...held(size).value, tables: 0, largest: [] } },
    connections,
  });
  expect(panel('Sessions').getByText('No sessions')).toBeDefined();
  expect(panel('Top queries').getByText('No queries')).toBeDefined();
  expect(panel('Replication').getByText('No standby')).toBeDefined();
  expect(panel('Size').getByText('No tables')).toBeDefined();
  expect(panel('Size').getByText(/Growth is not known yet/)).toBeDefined();
});

test('without pg_stat_statements the way to it stands in place of an empty table', () => {
  const sql = 'CREATE EXTENSION pg_stat_statements;';
  show({
    statements: {
      state: 'fresh',
      observedAt: readAt.toISOString(),
      value: {
        state: 'absent',
        why: 'Nobody counts queries here.',
        steps: [{ text: 'As a superuser.', sql }],
      },
    },
  });
  const queries = panel('Top queries');
  expect(queries.getByText('Metric missing')).toBeDefined();
  expect(queries.getByText(sql)).toBeDefined();
  expect(queries.queryByRole('table')).toBeNull();
});

test('the order of queries is chosen, and each list has its own ten', () => {
  show();
  const queries = panel('Top queries');
  expect(queries.getByText(/SELECT slow/)).toBeDefined();
  expect(queries.queryByText(/SELECT quick/)).toBeNull();
  fireEvent.click(queries.getByRole('button', { name: 'Calls' }));
  expect(queries.getByRole('button', { name: 'Calls' }).getAttribute('aria-pressed')).toBe('true');
  expect(queries.queryByText(/SELECT slow/)).toBeNull();
  expect(queries.getByText(/SELECT quick/)).toBeDefined();
});

test('what other accounts do is hidden with the GRANT that shows it, and not taken for idle', () => {
  const { server } = databaseView();
  const grant = 'GRANT pg_monitor TO signalbox_reader;';
  const hidden = { user: 'app', application: 'x', address: null, state: null, wait: null };
  show({
    server: {
      state: 'fresh',
      observedAt: readAt.toISOString(),
      value: { ...held(server).value, seesAll: false, grant },
    },
    sessions: {
      state: 'fresh',
      observedAt: readAt.toISOString(),
      value: {
        rows: [
          {
            ...hidden,
            pid: 7,
            startedAt: null,
            seconds: null,
            transactionSeconds: null,
            query: null,
            blockedBy: [],
          },
        ],
        more: false,
        hidden: 1,
      },
    },
  });
  expect(panel('Sessions').getByText('Its query is hidden from our account.')).toBeDefined();
  expect(panel('Sessions').getByText(/One session is of other accounts/)).toBeDefined();
  expect(screen.getAllByText(grant).length).toBeGreaterThan(1);
  expect(screen.getByText('one session is hidden from us')).toBeDefined();
});

test('a session that waits says for what and for which process, on a narrow screen too', () => {
  const { sessions } = databaseView();
  const [row] = held(sessions).value.rows;
  if (row === undefined) throw new Error('The fixture has a session.');
  const rows = [{ ...row, pid: 7, wait: 'Lock: transactionid', blockedBy: [101] }];
  show({
    sessions: {
      state: 'fresh',
      observedAt: readAt.toISOString(),
      value: { ...held(sessions).value, rows },
    },
  });
  const said = panel('Sessions').getAllByText(/Lock: transactionid, held by 101/);
  expect(said).toHaveLength(2);
  expect(said.at(-1)?.parentElement?.textContent).toMatch(/^process 7, /);
});

test('the calculator answers to figures, and what is emptied is not known', () => {
  show();
  const pool = panel('Pool arithmetic');
  expect(pool.getByText('Does not fit')).toBeDefined();
  expect(pool.getByText('10 pods × (20 + 10) = 300 of 200')).toBeDefined();
  fireEvent.change(pool.getByLabelText('Pods'), { target: { value: '6' } });
  expect(pool.getByText('6 pods × (20 + 10) = 180 of 200')).toBeDefined();
  expect(pool.queryByText('Does not fit')).toBeNull();
  fireEvent.change(pool.getByLabelText('Pods'), { target: { value: '' } });
  expect(pool.getByText('It is not known how many pods run.')).toBeDefined();
  fireEvent.change(pool.getByLabelText('Pods'), { target: { value: 'many' } });
  expect(pool.getByText('A whole number')).toBeDefined();
  fireEvent.click(pool.getByRole('button', { name: 'Show what is' }));
  expect(pool.getByText('10 pods × (20 + 10) = 300 of 200')).toBeDefined();
});

test('a metric that the service does not expose is missing, not well', () => {
  const { pool } = databaseView();
  const absence = {
    kind: 'metric-missing',
    sentence: 'Prometheus has no samples of fraiseql_db_connections_max.',
    add: null,
  };
  show({ pool: { ...pool, measured: { share: missing('no-series'), absence } } });
  const said = panel('Connections').getByText(/no samples of fraiseql_db_connections_max/).textContent;
  expect(said).toContain('Metric missing.');
});

test('failover is a runbook: nothing in it can be pressed but copying', () => {
  show();
  const failover = panel('Failover');
  expect(failover.getByText(/This server is the primary and answers this console/)).toBeDefined();
  expect(failover.getAllByText('Not seen from here').length).toBeGreaterThan(1);
  const buttons = failover.getAllByRole('button').map(({ textContent }) => textContent);
  expect(buttons.filter((text) => !text?.includes('copy'))).toEqual([]);
});
