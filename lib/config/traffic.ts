import { z } from 'zod';
import { Duration, Slug } from './scalars';

/** What sends the requests to one colour or the other. */
export const Traffic = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('service').describe('A Service whose selector names the colour (TRF-02)'),
    name: Slug,
    label: z.string().min(1).default('color').describe('The label of the selector whose value is the colour'),
  }),
  z.strictObject({
    kind: z.literal('virtual-service').describe('Weights of an Istio VirtualService (TRF-01)'),
    name: Slug,
    route: z.string().min(1).default('primary').describe('Name of the http route that has the weights'),
    headerRoute: z
      .string()
      .min(1)
      .optional()
      .describe('Name of the http route that matches x-canary: "true"; it comes before the weighted one'),
  }),
  z.strictObject({
    kind: z.literal('http-route').describe('Weights of a Gateway API HTTPRoute (TRF-01)'),
    name: Slug,
    rule: z.int().min(0).default(0).describe('Index of the rule that has the weights'),
    headerRule: z.int().min(0).optional().describe('Index of the rule that matches x-canary: "true"'),
  }),
  z.strictObject({
    kind: z
      .literal('replicas')
      .describe('One Service selects the pods of both colours: the share is that of the pods'),
    name: Slug,
  }),
]);
export type Traffic = z.infer<typeof Traffic>;

const Member = z.strictObject({
  deployment: Slug,
  service: Slug.describe('The Service that selects the pods of this Deployment alone; weights name it'),
});

export const Pair = z.strictObject({
  blue: Member,
  green: Member,
  baseline: Member.optional().describe(
    'Pods of the old version, as many and as new as those of a canary, that it is compared with; weights only (change-engine.md 1.1)',
  ),
  traffic: Traffic,
});
export type Pair = z.infer<typeof Pair>;

const Weighted = z.strictObject({
  weight: z.int().min(1).max(99).describe('Percent'),
  hold: Duration,
});

/** How a new version takes over step by step (DEP-05, DEP-06; change-engine.md 2.7). Seconds after parsing. */
export const Strategies = z.strictObject({
  canary: z
    .array(Weighted)
    .min(1)
    .prefault([
      { weight: 5, hold: '10m' },
      { weight: 25, hold: '20m' },
    ]),
  gradual: z
    .array(Weighted)
    .min(1)
    .prefault([
      { weight: 10, hold: '5m' },
      { weight: 50, hold: '10m' },
    ]),
  minPods: z.int().min(1).default(2).describe('Pods of a canary, however small its share'),
  minRequests: z
    .int()
    .min(1)
    .default(300)
    .describe(
      'Requests of the new version in a hold, before it can pass (rule of three: under 1 % failures)',
    ),
  window: Duration.optional().describe('In which requests are judged; guard.window when absent'),
  minVerdict: z
    .int()
    .min(1)
    .default(20)
    .describe('Requests of the new version in one window, for a verdict on it'),
  shareTolerance: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.5)
    .describe('How far the measured share may lie from the wanted one, as a part of the wanted one'),
  proveWindow: Duration.prefault('20s').describe('The shortest window in which the share is counted'),
  ingestLag: Duration.prefault('5s').describe(
    'Between a scrape and the moment at which queries see its samples',
  ),
  proveTimeout: Duration.prefault('5m').describe('Until the traffic must follow the weights'),
  drain: Duration.prefault('30s').describe('After traffic went away from pods, before they are stopped'),
  soak: Duration.prefault('10m').describe('Between two regions (SVC-06)'),
});
export type Strategies = z.infer<typeof Strategies>;
