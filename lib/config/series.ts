import { z } from 'zod';

export const LabelName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a Prometheus label name');
const MetricName = z.string().regex(/^[A-Za-z_:][A-Za-z0-9_:]*$/, 'must be a Prometheus metric name');

/** One label matcher: `status=~"5.."` is {label: status, op: "=~", value: "5.."}. */
export const Matcher = z.strictObject({
  label: LabelName,
  op: z.enum(['=', '!=', '=~', '!~']),
  value: z.string(),
});
export type Matcher = z.infer<typeof Matcher>;

/** Series by metric name and matchers; the console adds service, environment, region and version itself. */
export const Series = z.strictObject({ metric: MetricName, matchers: z.array(Matcher).default([]) });
export type Series = z.infer<typeof Series>;
