import { z } from 'zod';
import { Archives, Backups, Database } from './database';
import { Guard, Policy, Timing } from './policy';
import { Duration, Slug } from './scalars';
import { Service } from './service';
import { Slo } from './slo';
import { Zone } from './slo-window';
import { Cluster, HttpSource, PrometheusSource, Registry, SecretSource } from './sources';
import { Strategies } from './traffic';

/** Days that rows of each growing table are kept; the audit log has none by design. */
export const Retention = z.strictObject({
  plans: Duration.prefault('7d'),
  changes: Duration.prefault('1095d').describe(
    'Ended changes with their steps, intents, commands and sign-offs',
  ),
  statusMessages: Duration.prefault('1095d').describe('Resolved messages of the status page'),
  sloLedger: Duration.prefault('1095d').describe(
    'Entries and single exclusions of objectives, after their end',
  ),
  auditProducers: Duration.prefault('400d').describe(
    'Counters of processes that write audit entries no more',
  ),
  measurements: Duration.prefault('90d'),
  observations: Duration.prefault('90d'),
  outbox: Duration.prefault('30d'),
  sessions: Duration.prefault('30d'),
  idempotencyKeys: Duration.prefault('2d'),
  signInAttempts: Duration.prefault('2d'),
  statusSnapshots: Duration.prefault('90d'),
  sloMinutes: Duration.prefault('3d').describe('Counts of objectives by the minute'),
  sloBuckets: Duration.prefault('40d').describe('Counts by 5 minutes; older ones are added up by the hour'),
  sloHours: Duration.prefault('400d').describe('Counts by the hour; older ones are added up by the day'),
  sloDays: Duration.prefault('3650d').describe('Counts by the day'),
  databaseSamples: Duration.prefault('400d').describe('Sizes of databases, one an hour'),
  backupCopies: Duration.prefault('400d').describe(
    'Rows of copies and archives that failed, held nothing new or were deleted, and of drills',
  ),
  workers: Duration.prefault('1d'),
});

/** The monthly reports of objectives: frozen when a month is over and its counts are final. */
export const Reports = z.strictObject({
  timeZone: Zone.default('UTC').describe(
    'Where months begin; an objective with a calendar window has the zone of its own',
  ),
  grace: Duration.prefault('2h').describe('A month is frozen no sooner than this after its end'),
  longestWait: Duration.prefault('72h').describe(
    'After its end, or after the first count: what is missing then is stated and waited for no longer',
  ),
});

/** Monday to Friday: what one person ordered alone is reviewed within one working day. */
export const WorkingDays = z.strictObject({
  timeZone: Zone.default('UTC').describe('Where a working day begins and ends'),
  holidays: z
    .array(z.iso.date())
    .max(1000)
    .default([])
    .describe('Dates such as 2026-12-25 that are no working days'),
});

/** Sessions and sign-in attempts. */
export const Access = z.strictObject({
  sessionIdle: Duration.prefault('30m').describe('A session without a request for this long ends'),
  sessionMax: Duration.prefault('12h').describe('A session ends after this long whatever happens'),
  attemptsPerAccount: z.int().min(1).default(10).describe('Failed sign-ins of one account in the window'),
  attemptsPerAddress: z.int().min(1).default(50).describe('Failed sign-ins from one address in the window'),
  attemptsWindow: Duration.prefault('15m'),
  trustedProxies: z
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('Reverse proxies in front that append to X-Forwarded-For'),
});
export type Access = z.infer<typeof Access>;

/** Shown above every page, for example to mark an environment that is not what people think it is. */
export const Notice = z.strictObject({
  text: z.string().min(1).max(200),
  embed: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('A page shown inside the notice (28 px high); its origin is allowed as a frame'),
});

export const StatusPage = z.strictObject({
  title: z.string().min(1).max(80).default('Service status'),
  directory: z.string().min(1).default('.signalbox/status').describe('Where the static files are published'),
  environment: Slug.describe('The environment that the public sees'),
  publishers: z
    .array(z.string())
    .default([])
    .describe('Extra accounts that may publish beside the lead roles'),
});

/** signalbox.yaml, parsed. Cross references are checked in `checkReferences` (references.ts). */
export const Config = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1).max(60).default('Signalbox'),
  notice: Notice.optional(),
  environments: z.array(z.strictObject({ id: Slug, name: z.string().min(1).max(40) })).min(1),
  regions: z
    .array(
      z.strictObject({
        id: Slug,
        name: z.string().min(1).max(60),
        role: z.enum(['primary', 'secondary']).optional(),
      }),
    )
    .min(1),
  clusters: z.array(Cluster).min(1),
  sources: z.strictObject({
    prometheus: z.array(PrometheusSource).min(1),
    alertmanager: z.array(HttpSource).default([]),
    loki: z.array(HttpSource).default([]),
  }),
  registries: z.array(Registry).default([]).describe('Where tags of images become digests'),
  services: z.array(Service).min(1),
  databases: z.array(Database).default([]),
  backups: Backups.prefault({}),
  archives: Archives.optional(),
  slos: z.array(Slo).default([]),
  policies: z.array(Policy).min(1),
  timing: Timing.prefault({}),
  guard: Guard.prefault({}),
  strategies: Strategies.prefault({}),
  retention: Retention.prefault({}),
  reports: Reports.prefault({}),
  workingDays: WorkingDays.prefault({}),
  access: Access.prefault({}),
  notifications: z
    .strictObject({ webhooks: z.array(z.strictObject({ id: Slug, url: SecretSource })).default([]) })
    .prefault({}),
  status: StatusPage,
});
export type Config = z.infer<typeof Config>;
