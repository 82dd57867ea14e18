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

/** Of a change that acts on a database: everything that decides what will be done. */
export const Data = z.discriminatedUnion('do', [BackupData, EndSessionData]);
export type Data = z.infer<typeof Data>;
