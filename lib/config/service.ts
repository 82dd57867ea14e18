import { z } from 'zod';
import { Certificates } from './certificates';
import { linkKinds } from './link-kinds';
import { Duration, Slug } from './scalars';
import { LabelName, Matcher, Series } from './series';
import { Slis } from './sli';
import { Pair } from './traffic';

const WebLink = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

export { LabelName, Matcher, Series };

/** OBS-05: each service binds the logical figures to its own series. */
export const Metrics = z.strictObject({
  selector: z.array(Matcher).min(1).describe('Picks the series of this service'),
  labels: z
    .strictObject({
      environment: LabelName.default('environment'),
      region: LabelName.default('region'),
      version: LabelName.default('version'),
      pod: LabelName.default('pod'),
    })
    .prefault({}),
  requests: z.strictObject({
    total: Series.describe('Counter of all requests'),
    failed: Series.describe('Counter of failed requests (SLO-02: 5xx, time-outs, connection errors)'),
  }),
  latency: z
    .strictObject({ buckets: Series.describe('Classic histogram: the _bucket series, in seconds') })
    .optional(),
  gauges: z
    .array(
      z.strictObject({
        id: Slug,
        name: z.string().min(1),
        unit: z.enum(['ratio', 'count', 'seconds', 'bytes']),
        used: Series,
        limit: Series.optional().describe('Shown as a share of it when present'),
        kind: z.enum(['gauge', 'counter']).default('gauge').describe('A counter is shown as its rate'),
      }),
    )
    .default([]),
});
export type Metrics = z.infer<typeof Metrics>;

/** Where a service runs: one Deployment in one namespace of one cluster. */
export const Placement = z.strictObject({
  region: Slug,
  cluster: Slug,
  namespace: Slug,
  deployment: Slug,
  container: Slug.describe('The container whose image tag is the version'),
  pair: Pair.optional().describe(
    'Blue and green, and what sends the requests to them; `deployment` is one of the two',
  ),
});
export type Placement = z.infer<typeof Placement>;

/**
 * How a version of this service migrates its database: a Job with the new image and the environment of the service's
 * own Deployment, run once by a deploy that asks for it (DBO-06). Durations are seconds after parsing.
 */
export const Migration = z
  .strictObject({
    command: z.array(z.string().min(1)).min(1),
    args: z.array(z.string()).optional(),
    timeout: Duration.prefault('5m').describe(
      'Until the Job is stopped by the cluster; a statement may take no longer',
    ),
    lockTimeout: Duration.prefault('3s').describe(
      'Wait for a lock of PostgreSQL: what waits for one blocks everybody behind it',
    ),
  })
  .refine(({ timeout, lockTimeout }) => lockTimeout < timeout, {
    path: ['lockTimeout'],
    error: 'must be shorter than the timeout of the migration',
  });
export type Migration = z.infer<typeof Migration>;

/**
 * How this service is told to refuse its requests (DEP-17): text under a key of a ConfigMap in the namespace of each
 * placement. Durations are seconds after parsing.
 */
export const Maintenance = z
  .strictObject({
    configMap: Slug,
    key: z
      .string()
      .regex(
        /^[-._a-zA-Z0-9]{1,253}$/,
        'must be a key of a ConfigMap: letters, digits, dots, dashes and underscores',
      ),
    on: z.string().max(1000),
    off: z.string().max(1000),
    settle: Duration.prefault('60s').describe(
      'Until every pod goes by a new text: the kubelet renews mounted files about once a minute',
    ),
  })
  .refine(({ on, off }) => on !== off, { path: ['off'], error: 'must differ from the text of on' });
export type Maintenance = z.infer<typeof Maintenance>;

export const Service = z.strictObject({
  id: Slug,
  name: z.string().min(1).max(80),
  description: z.string().max(400).optional(),
  owner: z.string().min(1).max(80),
  tier: z.int().min(1).max(4).default(2).describe('BAK-05: recovery tier'),
  links: z.partialRecord(z.enum(linkKinds), WebLink).default({}),
  image: z.string().min(1).describe('Image repository without a tag'),
  placements: z.record(Slug, z.array(Placement).min(1)).describe('Placements by environment'),
  migration: Migration.optional().describe('How a deploy in steps migrates the database; absent: it cannot'),
  maintenance: Maintenance.optional().describe(
    'How it is put into maintenance for a migration; absent: it cannot be',
  ),
  metrics: Metrics,
  slis: Slis.prefault({}).describe('Limits and series of its service level indicators'),
  certificates: Certificates.optional().describe('Until when its certificates must last for a plan'),
  logs: z.strictObject({ selector: z.array(Matcher).min(1) }).optional(),
  alerts: z
    .strictObject({ matchers: z.array(Matcher).min(1) })
    .optional()
    .describe('Alert labels that name this service; service="<id>" when absent'),
});
export type Service = z.infer<typeof Service>;
