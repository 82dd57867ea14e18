import { z } from 'zod';
import { parseDuration } from '@/lib/core/duration';
import { Slug } from './scalars';
import { LabelName, Series } from './service';
import { SloExclusion } from './slo-exclusion';
import { SloWindow } from './slo-window';

/** What is wrong with a percentage as decimal text; null when it is above 0 and below 100, six digits at most. */
function percentageProblem(text: string): string | null {
  if (!/^\d+(\.\d+)?$/.test(text)) return 'must be a percentage in decimal text below 100, such as "99.95"';
  // At 100 % there is no budget, and a burn rate divides by it (slo.md 1.1).
  if (Number(text) >= 100) {
    return 'must be below 100: at 100 % there is no error budget, and a burn rate would divide by zero';
  }
  if (Number(text) === 0) return 'must be above 0: at 0 % no failure would ever count';
  return /^\d{1,2}(\.\d{1,6})?$/.test(text) ? null : 'must have at most six digits behind the point';
}

const Objective = z
  .string()
  .superRefine((text, context) => {
    const problem = percentageProblem(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  })
  .describe('Target in per cent, as decimal text in quotes such as "99.95"');

/** Nothing divides by what a slice may lose, so 100 is allowed here: such a slice has no bad event at all. */
const SliceTarget = z
  .string()
  .superRefine((text, context) => {
    const problem = /^100(\.0+)?$/.test(text) ? null : percentageProblem(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  })
  .describe('Per cent, as decimal text in quotes such as "99.5"');

/** How time is judged: every event by itself, or slices of time as good or bad (slo.md 1.5). */
export const SloMethod = z
  .union([
    z.literal('occurrences').describe('occurrences'),
    z.strictObject({
      timeslices: z.enum(['1m', '5m']).describe('The length of a slice: 1m or 5m'),
      target: SliceTarget.optional().describe(
        'A slice is good when this share of its events is good; absent: the objective',
      ),
    }),
  ])
  .describe('occurrences, or {timeslices: 1m or 5m, target: "99.5"}');

/** A latency bound as it is written; `seconds` is the exact decimal, `300ms` is 0.3. */
export const LatencyBound = z
  .string()
  .superRefine((text, context) => {
    const seconds = parseDuration(text);
    if (seconds === null || !(seconds > 0)) {
      context.addIssue({ code: 'custom', message: 'must be a duration above 0, such as 300ms or 1.5s' });
    }
  })
  .describe('A duration such as 300ms or 1.5s');

const healthyOps = ['>=', '<=', '>', '<', '=='] as const;

const Events = z
  .strictObject({
    kind: z.literal('events'),
    total: Series.describe('Counter of all events'),
    good: Series.optional().describe('Counter of the good events, or give bad'),
    bad: Series.optional().describe('Counter of the bad events, or give good'),
  })
  .superRefine(({ good, bad }, context) => {
    if ((good === undefined) === (bad === undefined)) {
      context.addIssue({
        code: 'custom',
        message: 'the indicator needs exactly one of good and bad beside total',
      });
    }
  });

const Latency = z.strictObject({
  kind: z.literal('latency'),
  buckets: Series.optional().describe("The _bucket series; absent: the service's metrics.latency.buckets"),
  below: LatencyBound,
});

const NativeLatency = z.strictObject({
  kind: z.literal('latency-native'),
  histogram: Series.describe('A native histogram, in seconds'),
  below: LatencyBound,
});

const Probe = z.strictObject({
  kind: z.literal('probe'),
  gauge: Series.describe('A gauge that says how the service is'),
  healthy: z.strictObject({ op: z.enum(healthyOps), value: z.number() }),
});

/** What is measured (slo.md 1.4, 1.5): 'availability' stands for the request counters of the service. */
export const Indicator = z.union([
  z.literal('availability'),
  z.discriminatedUnion('kind', [Events, Latency, NativeLatency, Probe]),
]);
export type Indicator = z.infer<typeof Indicator>;

/** One 4xx status, or all of them. 404 is a success by SLO-02 unless it is named here. */
const ClientError = z
  .union([
    z.string().regex(/^4(\d\d|xx)$/, 'must be a 4xx status such as 429, or 4xx for all of them'),
    z.int().refine((status) => status >= 400 && status <= 499, {
      error: 'must be a 4xx status such as 429; other failures belong into metrics.requests.failed',
    }),
  ])
  .transform(String)
  .describe('A 4xx status such as 429, or 4xx for all of them');

/** An objective. Its cross references are checked in slo-rules.ts. */
export const Slo = z
  .strictObject({
    // Its address would be that of the objectives of other tools.
    id: Slug.refine((id) => id !== 'adopted', {
      error: 'adopted is taken by the console; choose another id',
    }),
    service: Slug,
    name: z.string().min(1).max(80),
    description: z.string().max(1050).optional(),
    objective: Objective,
    window: SloWindow.prefault('30d'),
    method: SloMethod.default('occurrences'),
    indicator: Indicator.default('availability'),
    scope: z
      .enum(['service', 'written'])
      .default('service')
      .describe(
        "service adds the service's selector and the environment to the series, written adds nothing",
      ),
    environments: z
      .array(Slug)
      .min(1)
      .optional()
      .describe('Where the objective holds; absent: wherever the service runs'),
    groupBy: z
      .array(LabelName)
      .max(4)
      .optional()
      .describe('Labels that tell groups apart; absent: the region; [] for one figure'),
    minFailures: z.int().min(1).default(1).describe('A burn alert needs at least this many failures'),
    clientErrors: z.array(ClientError).default([]).describe('4xx statuses that count as failures'),
    maintenance: z.enum(['counts', 'excluded']).default('counts').describe('What planned maintenance does'),
    exclusions: z.array(SloExclusion).default([]).describe('Spans that do not count'),
  })
  .superRefine((slo, context) => {
    const probe = slo.indicator !== 'availability' && slo.indicator.kind === 'probe';
    if (probe && slo.method === 'occurrences') {
      context.addIssue({
        code: 'custom',
        path: ['method'],
        message: 'a probe has no events to count, so its method must be {timeslices: 1m} or {timeslices: 5m}',
      });
    }
    if (slo.clientErrors.length > 0 && slo.indicator !== 'availability') {
      context.addIssue({
        code: 'custom',
        path: ['clientErrors'],
        message:
          'client errors can be chosen for the indicator availability only; this one names its own series',
      });
    }
    for (const [index, label] of (slo.groupBy ?? []).entries()) {
      if (label === 'le' || label.startsWith('__')) {
        context.addIssue({
          code: 'custom',
          path: ['groupBy', index],
          message: `the label ${label} cannot tell groups apart: Prometheus uses it itself`,
        });
      }
    }
  });
export type Slo = z.infer<typeof Slo>;

/** Seconds of a slice, and the share of good events that makes it good; null where every event is judged. */
export function timeSlices(
  slo: Pick<Slo, 'method' | 'objective'>,
): { seconds: 60 | 300; target: string } | null {
  if (slo.method === 'occurrences') return null;
  const { timeslices, target } = slo.method;
  return { seconds: timeslices === '1m' ? 60 : 300, target: target ?? slo.objective };
}

const longestDays = { week: 7, month: 31, quarter: 92 } as const;

/** Seconds of the window; of a calendar window the longest that it can be (7, 31 or 92 days and an hour). */
export const windowSeconds = ({ window }: Pick<Slo, 'window'>): number =>
  window.kind === 'rolling' ? window.seconds : longestDays[window.unit] * 86_400 + 3600;
