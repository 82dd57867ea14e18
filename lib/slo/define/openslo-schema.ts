import { z } from 'zod';
import { plainDecimal } from './decimal';

/**
 * OpenSLO v1 (github.com/OpenSLO/OpenSLO). Loose: a document may hold more than the specification knows, and
 * what is not taken over is reported by name rather than refused.
 */
export const apiVersion = 'openslo/v1';

const Metadata = z.looseObject({
  name: z.string().min(1),
  displayName: z.string().optional(),
  labels: z.record(z.string(), z.unknown()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

const MetricSource = z.looseObject({
  metricSourceRef: z.string().optional(),
  type: z.string().optional(),
  spec: z.record(z.string(), z.unknown()).optional(),
});
const Metric = z.looseObject({ metricSource: MetricSource });
export type Metric = z.infer<typeof Metric>;

export const SliSpec = z.looseObject({
  description: z.string().optional(),
  thresholdMetric: Metric.optional(),
  ratioMetric: z
    .looseObject({
      counter: z.boolean().optional(),
      good: Metric.optional(),
      bad: Metric.optional(),
      total: Metric.optional(),
      raw: Metric.optional(),
      rawType: z.enum(['success', 'failure']).optional(),
    })
    .optional(),
});
export type SliSpec = z.infer<typeof SliSpec>;

/** Numbers come as numbers or, where a template wrote them, as text. */
const Decimal = z
  .union([z.number().transform((value) => plainDecimal(value.toFixed(10))), z.string()])
  .refine((text) => /^\d+(\.\d+)?$/.test(text), 'must be a decimal number');

const Objective = z.looseObject({
  displayName: z.string().optional(),
  op: z.enum(['lte', 'gte', 'lt', 'gt']).optional(),
  value: z.number().optional(),
  target: Decimal.optional(),
  targetPercent: Decimal.optional(),
  timeSliceTarget: Decimal.optional(),
  timeSliceWindow: z.union([z.number(), z.string()]).optional(),
});
export type OpenObjective = z.infer<typeof Objective>;

const TimeWindow = z.looseObject({
  duration: z.string(),
  isRolling: z.boolean().optional(),
  calendar: z.looseObject({ startTime: z.string(), timeZone: z.string() }).optional(),
});
export type TimeWindow = z.infer<typeof TimeWindow>;

export const SloSpec = z.looseObject({
  description: z.string().optional(),
  service: z.string(),
  indicator: z.looseObject({ metadata: Metadata.optional(), spec: SliSpec }).optional(),
  indicatorRef: z.string().optional(),
  timeWindow: z.array(TimeWindow).max(1).optional(),
  budgetingMethod: z.string(),
  objectives: z.array(Objective).min(1),
  alertPolicies: z.array(z.unknown()).optional(),
});
export type SloSpec = z.infer<typeof SloSpec>;

export const DataSourceSpec = z.looseObject({ type: z.string() });

/** What every document has; `spec` is read by its kind. */
export const Header = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: Metadata,
  spec: z.unknown(),
});
export type Header = z.infer<typeof Header>;

/** The keys under which a document carries what OpenSLO has no word for. */
export const annotation = {
  objective: 'signalbox.dev/objective',
  sliceTarget: 'signalbox.dev/slice-target',
  indicator: 'signalbox.dev/indicator',
  queries: 'signalbox.dev/queries',
  scope: 'signalbox.dev/scope',
  clientErrors: 'signalbox.dev/client-errors',
  environments: 'signalbox.dev/environments',
  groupBy: 'signalbox.dev/group-by',
  minFailures: 'signalbox.dev/min-failures',
  maintenance: 'signalbox.dev/maintenance',
  exclusions: 'signalbox.dev/exclusions',
} as const;
