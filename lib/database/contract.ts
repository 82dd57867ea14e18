import * as z from 'zod/mini';
import { Slug } from '@/lib/core/ids';
import { readingOf } from '@/lib/core/reading';

const Count = z.int();
const Nullable = {
  text: z.nullable(z.string()),
  number: z.nullable(z.number()),
};

export const ServerView = z.object({
  version: z.string(),
  major: Count,
  standby: z.boolean(),
  account: z.string(),
  database: z.string(),
  seesAll: z.boolean().check(z.describe('False: what other accounts do is hidden from ours')),
  grant: Nullable.text.check(z.describe('What helps, as SQL; null where nothing has to')),
  upSeconds: z.number(),
  support: z.object({ state: z.enum(['supported', 'ending', 'ended', 'unknown']), ends: Nullable.text }),
  guideVersions: z.array(z.object({ guide: z.string(), major: Count, what: z.string(), met: z.boolean() })),
});
export type ServerView = z.infer<typeof ServerView>;

export const SessionRow = z.object({
  pid: Count,
  startedAt: Nullable.text.check(
    z.describe('When it began, to the microsecond; with the process it names the session; null: hidden'),
  ),
  user: Nullable.text,
  application: z.string(),
  address: Nullable.text,
  state: Nullable.text.check(z.describe('As the server names it; null: hidden from our account')),
  wait: Nullable.text.check(z.describe('Kind and event that it waits for')),
  seconds: Nullable.number.check(z.describe('In the present state')),
  transactionSeconds: Nullable.number,
  query: Nullable.text.check(z.describe('Without values, shortened; of an idle session its last one')),
  blockedBy: z.array(Count),
});
export type SessionRow = z.infer<typeof SessionRow>;

export const ConnectionsView = z.object({
  max: Count,
  reserved: Count.check(z.describe('For superusers and reserved_connections')),
  used: Count.check(z.describe('By clients of all databases of the server; ours is among them')),
  hidden: Count,
  states: z.array(z.object({ state: z.string(), own: Count, others: Count })),
});
export type ConnectionsView = z.infer<typeof ConnectionsView>;

export const PoolView = z.object({
  pods: readingOf(Count).check(z.describe('Of the service in this region')),
  size: z.nullable(Count),
  overflow: Count,
  pooler: z.nullable(z.object({ maxClients: Count, poolSize: Count, reserve: Count })),
  /** SLI-07 of the service: connections in use of those allowed, from its metrics (X-24, ALT-03). */
  measured: z.object({
    share: readingOf(z.number()),
    absence: z.nullable(z.object({ kind: z.string(), sentence: z.string(), add: Nullable.text })),
  }),
});
export type PoolView = z.infer<typeof PoolView>;

export const StatementRow = z.object({
  key: z.string(),
  user: Nullable.text,
  calls: z.number(),
  meanSeconds: z.number(),
  totalSeconds: z.number(),
  rows: z.number(),
  query: Nullable.text,
  byMean: Count,
  byTotal: Count,
  byCalls: Count,
});
export type StatementRow = z.infer<typeof StatementRow>;

export const StatementsView = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('listed'),
    column: z.string().check(z.describe('mean_exec_time or mean_time, by the version (X-28)')),
    rows: z.array(StatementRow),
  }),
  z.object({
    state: z.literal('absent'),
    why: z.string(),
    steps: z.array(z.object({ text: z.string(), sql: Nullable.text })),
  }),
]);
export type StatementsView = z.infer<typeof StatementsView>;

const lagStates = ['within', 'late', 'unknown'] as const;
const Lag = z.object({
  seconds: Nullable.number,
  bytes: Nullable.number,
  state: z.enum(lagStates),
  sentence: z.string(),
});
export const ReplicationView = z.object({
  standby: z.boolean(),
  limitSeconds: z.number(),
  receiving: z.nullable(Lag).check(z.describe('Of this server, when it is a standby')),
  standbys: z.array(
    z.object({ name: z.string(), address: Nullable.text, mode: z.string(), sync: Nullable.text, lag: Lag }),
  ),
});
export type ReplicationView = z.infer<typeof ReplicationView>;

export const SizeView = z.object({
  bytes: z.number(),
  tables: Count,
  largest: z.array(
    z.object({
      name: z.string(),
      totalBytes: z.number(),
      indexBytes: z.number(),
      liveRows: Nullable.number,
      deadRows: Nullable.number,
      vacuumedSecondsAgo: Nullable.number,
    }),
  ),
});
export type SizeView = z.infer<typeof SizeView>;

export const GrowthView = z.object({
  samples: z.array(z.tuple([z.number(), z.number()])).check(z.describe('Unix seconds and bytes')),
  spans: z.array(
    z.object({
      days: z.number(),
      growth: z.nullable(z.object({ seconds: z.number(), bytes: z.number(), bytesPerDay: z.number() })),
    }),
  ),
});
export type GrowthView = z.infer<typeof GrowthView>;

export const SettingsView = z.object({
  lines: z.array(
    z.object({
      name: z.string(),
      guide: z.string(),
      shown: Nullable.text,
      same: z.nullable(z.boolean()),
      pendingRestart: z.boolean(),
    }),
  ),
  memory: z.nullable(z.object({ bytes: z.number(), sum: z.string() })),
});
export type SettingsView = z.infer<typeof SettingsView>;

export const FailoverView = z.object({
  conditions: z.array(
    z.object({
      name: z.string(),
      why: z.string(),
      seen: z.enum(['met', 'not met', 'unknown']),
      says: z.string(),
    }),
  ),
  steps: z.array(z.object({ text: z.string(), command: Nullable.text })),
});
export type FailoverView = z.infer<typeof FailoverView>;

export const DatabaseView = z.object({
  id: Slug,
  name: z.string(),
  tier: Count,
  refusals: z
    .object({ backup: Nullable.text, endSession: Nullable.text, restore: Nullable.text })
    .check(
      z.describe(
        'Why a copy, the end of a session or a restore cannot be asked for by signalbox.yaml; null: it can',
      ),
    ),
  judgement: z.object({ tone: z.enum(['ok', 'warn', 'crit', 'unknown']), sentences: z.array(z.string()) }),
  server: readingOf(ServerView),
  sessions: readingOf(z.object({ rows: z.array(SessionRow), more: z.boolean(), hidden: Count })),
  connections: readingOf(ConnectionsView),
  pool: PoolView,
  statements: readingOf(StatementsView),
  replication: readingOf(ReplicationView),
  size: readingOf(SizeView),
  growth: GrowthView,
  settings: readingOf(SettingsView),
  failover: FailoverView,
});
export type DatabaseView = z.infer<typeof DatabaseView>;

/** GET /api/v1/services/{service}/database?environment=&region= */
export const ServiceDatabase = z.object({
  service: Slug,
  environment: Slug,
  region: Slug,
  database: z.nullable(DatabaseView).check(z.describe('Null: none is configured for this place')),
});
export type ServiceDatabase = z.infer<typeof ServiceDatabase>;
