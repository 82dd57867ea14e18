import { z } from 'zod';
import { parseDuration } from '@/lib/core/duration';
import { Slug } from './scalars';
import { Series } from './series';

/** `0.05%` is 0.0005: divided in decimal, so that a limit is the number that people would write. */
const asRatio = (text: string): number => Number(`${text.replace(/\s*%$/, '')}e-2`);

const percentage = (most: number | null, what: string) =>
  z
    .string()
    .describe('A percentage such as 70% or 0.05%')
    .transform((text, context) => {
      const ratio = /^\d+(\.\d+)?\s?%$/.test(text) ? asRatio(text) : null;
      const said =
        ratio === null
          ? 'must be a number with its unit, %'
          : most !== null && ratio > most
            ? `must be at most ${most * 100}%: ${what}`
            : null;
      if (said === null && ratio !== null) return ratio;
      context.addIssue({ code: 'custom', message: said ?? 'must be a percentage' });
      return z.NEVER;
    });

const Share = percentage(1, 'the indicator is a share of a whole');
const Rise = percentage(null, '');
const Fall = percentage(1, 'traffic cannot fall by more than all of it');

const Latency = z
  .string()
  .describe('A duration such as 150ms or 1.5s')
  .transform((text, context) => {
    const seconds = parseDuration(text);
    if (seconds !== null && seconds > 0) return seconds;
    context.addIssue({ code: 'custom', message: 'must be a duration above 0, such as 150ms or 1.5s' });
    return z.NEVER;
  });

const reason = z
  .string()
  .trim()
  .min(3)
  .max(200)
  .optional()
  .describe('Where these limits come from; shown beside them');

const latencyLimits = {
  target: Latency.optional(),
  warning: Latency.optional(),
  critical: Latency.optional(),
  reason,
};
const shareLimits = {
  target: Share.optional(),
  warning: Share.optional(),
  critical: Share.optional(),
  reason,
};
const bandLimits = {
  low: Share.optional().describe('A percentage; below it the service is under-used; 0% for never'),
  ...shareLimits,
};
const changeLimits = {
  up: z.strictObject({ warning: Rise.optional(), critical: Rise.optional() }).prefault({}),
  down: z.strictObject({ warning: Fall.optional(), critical: Fall.optional() }).prefault({}),
  reason,
};

/** Limits of one environment, over those of the service. */
const environments = <L extends z.ZodRawShape>(limits: L) =>
  z.record(Slug, z.strictObject(limits)).default({}).describe('Other limits by environment');

const scope = z
  .enum(['service', 'region'])
  .default('service')
  .describe(
    "service adds the service's selector, environment and region to the series; region adds the region alone, for what services share",
  );
const gauge = Slug.optional().describe('The id of one of metrics.gauges; absent: the one that has this id');

const latencySli = z.strictObject({
  ...latencyLimits,
  environments: environments(latencyLimits),
  buckets: Series.optional().describe("The _bucket series; absent: the service's metrics.latency.buckets"),
});

/** Something used of something limited: a gauge of the service, or series of their own. */
const usageSli = z.strictObject({
  ...bandLimits,
  environments: environments(bandLimits),
  gauge,
  used: Series.optional().describe('Series of what is used; needs limit'),
  limit: Series.optional().describe('Series of what there is'),
  kind: z.enum(['gauge', 'counter']).default('gauge').describe('A used that is a counter counts by its rate'),
  scope,
});

/**
 * `services[].slis`: limits and series of the indicators, each over the table of guide 004. The order of limits
 * and what the series refer to is checked in sli-rules.ts.
 */
export const Slis = z.strictObject({
  'latency-p95': latencySli.prefault({}),
  'latency-p99': latencySli.prefault({}),
  'error-rate': z.strictObject({ ...shareLimits, environments: environments(shareLimits) }).prefault({}),
  cpu: usageSli.prefault({}),
  memory: usageSli.prefault({}),
  'disk-io-wait': z
    .strictObject({
      ...shareLimits,
      environments: environments(shareLimits),
      gauge,
      waited: Series.optional().describe('Counter of seconds waited for disks; needs all'),
      all: Series.optional().describe('Counter of all seconds'),
      scope,
    })
    .prefault({}),
  connections: usageSli.prefault({}),
  'cache-hits': z
    .strictObject({
      ...shareLimits,
      environments: environments(shareLimits),
      gauge,
      hits: Series.optional().describe('Counter of what the cache had; needs misses'),
      misses: Series.optional().describe('Counter of what it had not'),
      scope,
    })
    .prefault({}),
  requests: z.strictObject({ ...changeLimits, environments: environments(changeLimits) }).prefault({}),
});
export type Slis = z.infer<typeof Slis>;
