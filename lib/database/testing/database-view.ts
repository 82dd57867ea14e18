import { fresh } from '@/lib/core/reading';
import type { DatabaseView } from '../contract';
import { guideVersions } from '../end-of-life';
import { failoverView } from '../failover';

/** When all of it was read. */
export const readAt = new Date('2026-11-22T00:40:00Z');

const server = fresh(
  {
    version: '15.18',
    major: 15,
    standby: false,
    account: 'signalbox_reader',
    database: 'architect',
    seesAll: true,
    grant: null,
    upSeconds: 7200,
    support: { state: 'supported' as const, ends: '2027-11-11' },
    guideVersions: guideVersions.map((one) => ({ ...one, met: one.major <= 15 })),
  },
  readAt,
);
const replication = fresh(
  {
    standby: false,
    limitSeconds: 30,
    receiving: null,
    standbys: [
      {
        name: 'eu-west-1',
        address: '10.0.0.2',
        mode: 'streaming',
        sync: 'async',
        lag: { seconds: 0.2, bytes: 4096, state: 'within' as const, sentence: '200 ms behind, within 30 s.' },
      },
    ],
  },
  readAt,
);

/** A database of which everything is known and well. */
export function databaseView(more: Partial<DatabaseView> = {}): DatabaseView {
  return {
    id: 'architect-us',
    name: 'Architect, us-east-1',
    tier: 1,
    refusals: { backup: null, endSession: null, restore: null },
    judgement: { tone: 'ok', sentences: [] },
    server,
    sessions: fresh(
      {
        rows: [
          {
            pid: 101,
            startedAt: '2026-11-22T00:30:00.123456Z',
            user: 'app',
            application: 'architect-api',
            address: '10.0.1.7',
            state: 'active',
            wait: null,
            seconds: 2.5,
            transactionSeconds: 3,
            query: 'SELECT * FROM projects WHERE owner = ?',
            blockedBy: [],
          },
        ],
        more: false,
        hidden: 0,
      },
      readAt,
    ),
    connections: fresh(
      { max: 120, reserved: 3, used: 12, hidden: 0, states: [{ state: 'idle', own: 4, others: 8 }] },
      readAt,
    ),
    pool: {
      pods: fresh(10, readAt),
      size: 20,
      overflow: 10,
      pooler: { maxClients: 200, poolSize: 25, reserve: 5 },
      measured: { share: fresh(0.61, readAt), absence: null },
    },
    statements: fresh(
      {
        state: 'listed' as const,
        column: 'mean_exec_time',
        rows: [
          {
            key: '1',
            user: 'app',
            calls: 10,
            meanSeconds: 1.5,
            totalSeconds: 15,
            rows: 100,
            query: 'SELECT slow FROM reports WHERE day = $1',
            byMean: 1,
            byTotal: 2,
            byCalls: 12,
          },
          {
            key: '2',
            user: 'app',
            calls: 90_000,
            meanSeconds: 0.001,
            totalSeconds: 90,
            rows: 90_000,
            query: 'SELECT quick FROM sessions WHERE id = $1',
            byMean: 14,
            byTotal: 1,
            byCalls: 1,
          },
        ],
      },
      readAt,
    ),
    replication,
    size: fresh(
      {
        bytes: 3 * 1024 ** 3,
        tables: 14,
        largest: [
          {
            name: 'events',
            totalBytes: 2 * 1024 ** 3,
            indexBytes: 1024 ** 3,
            liveRows: 9000,
            deadRows: 1000,
            vacuumedSecondsAgo: 3600,
          },
        ],
      },
      readAt,
    ),
    growth: { samples: [], spans: [1, 7, 30].map((days) => ({ days, growth: null })) },
    settings: fresh(
      {
        lines: [
          { name: 'max_connections', guide: '100', shown: '120', same: false, pendingRestart: false },
          { name: 'work_mem', guide: '64MB', shown: null, same: null, pendingRestart: false },
        ],
        memory: { bytes: 12 * 1024 ** 3, sum: '120 × 64MB + 4GB' },
      },
      readAt,
    ),
    failover: failoverView(server, replication),
    ...more,
  };
}
