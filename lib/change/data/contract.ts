import * as z from 'zod/mini';
import { Slug } from '@/lib/core/ids';

/** An instant as the server of a database has it, to the microsecond: a process number alone may be used again. */
export const BackendStart = z.iso.datetime();

/** What a change does to the database of a service, as it was when the plan was made. */
const about = {
  database: Slug.check(z.describe('As signalbox.yaml names it')),
  name: z.string(),
  serverVersion: z.string(),
  server: z
    .nullable(z.string())
    .check(z.describe('System identifier of the server by its last copy; null: no copy told it')),
  serverDatabase: z.string().check(z.describe('Name of the database at its server')),
};

/** One more copy, made and proven as those of the schedule are. */
export const BackupData = z.object({
  do: z.literal('backup'),
  ...about,
  tool: z.object({
    name: z.literal('pg_dump'),
    version: z.nullable(z.string()).check(z.describe('Null: that of a Job is told by its first copy')),
  }),
  job: z
    .optional(z.string())
    .check(z.describe('The CronJob whose Job makes the copy: cluster/namespace/name; absent: a worker')),
  level: z
    .union([z.literal(3), z.literal(4)])
    .check(z.describe('Of the ladder that the copy has to reach; 4 where a scratch server is configured')),
});
export type BackupData = z.infer<typeof BackupData>;

/** The end of one session. Process number and start name it; the rest is for those who sign. */
export const EndSessionData = z.object({
  do: z.literal('end-session'),
  ...about,
  pid: z.int().check(z.minimum(1)),
  startedAt: BackendStart,
  user: z.nullable(z.string()),
  application: z.string(),
  client: z.nullable(z.string()).check(z.describe('Address; null: on the machine of the server')),
  state: z.nullable(z.string()),
  stateSince: z.nullable(z.iso.datetime()),
  transactionSince: z.nullable(z.iso.datetime()).check(z.describe('Null: in no transaction')),
  wait: z.nullable(z.string()),
  query: z.nullable(z.string()).check(z.describe('Without values')),
  blocks: z.array(z.int()).check(z.describe('Processes that wait for it')),
  blockedBy: z.array(z.int()),
});
export type EndSessionData = z.infer<typeof EndSessionData>;

/** Rows of one table: in the copy, and when the plan was made. */
const TableRows = z.object({
  table: z.string().check(z.describe('With its schema')),
  copy: z.nullable(z.number()).check(z.describe('Null: the copy has no such table, or did not count it')),
  now: z.nullable(z.number()).check(z.describe('Null: the database has no such table any more')),
});

/**
 * The data of a copy in place of those that are there (change-engine.md 6.4): into a new database, which takes the name
 * of the old one. The old one is kept under another name.
 */
export const RestoreData = z.object({
  do: z.literal('restore'),
  ...about,
  oid: z
    .int()
    .check(z.describe('Of the database at its server: what has the name meanwhile is not replaced')),
  owner: z.string().check(z.describe('Account that the database belongs to')),
  copy: z.object({
    id: z.uuid(),
    object: z.string(),
    snapshotAt: z.iso.datetime().check(z.describe('What was written since is not in the copy')),
    sha256: z.string(),
    bytes: z.int(),
    databaseBytes: z.number().check(z.describe('Of the database when it was copied')),
    provenAt: z.iso.datetime().check(z.describe('When it was last restored and right (L4)')),
  }),
  tool: z.object({ name: z.literal('pg_restore'), version: z.string() }),
  safetyCopy: z.boolean().check(z.describe('A copy is made before anything is changed')),
  bytes: z.number().check(z.describe('Of the database when the plan was made')),
  rows: z.object({
    tables: z.int().check(z.describe('Tables that were counted')),
    copy: z.number(),
    now: z.nullable(z.number()).check(z.describe('Null: they could not be counted')),
    differing: z.array(TableRows).check(z.describe('Those whose numbers differ most, 20 at most')),
    unnamed: z.int().check(z.describe('Tables that differ beside those')),
  }),
  sessions: z.int().check(z.describe('Of others, when the plan was made: they are ended')),
  keepSeconds: z.number().check(z.describe('The old database is kept so long after the switch')),
});
export type RestoreData = z.infer<typeof RestoreData>;

/** Of a change that acts on a database: everything that decides what will be done. */
export const Data = z.discriminatedUnion('do', [BackupData, EndSessionData, RestoreData]);
export type Data = z.infer<typeof Data>;
