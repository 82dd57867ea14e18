import { z } from 'zod';

/** The parts of routing objects that decide where a request goes; anything else is left alone. */

export const SliceSchema = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }),
  endpoints: z
    .array(
      z.object({
        conditions: z.object({ ready: z.boolean().nullish() }).nullish(),
        targetRef: z.object({ kind: z.string(), name: z.string() }).nullish(),
      }),
    )
    .nullish(),
});

const StringMatch = z.union([
  z.object({ exact: z.string() }),
  z.object({ prefix: z.string() }),
  z.object({ regex: z.string() }),
]);

/** Istio networking.istio.io VirtualService. */
export const VirtualServiceSchema = z.object({
  spec: z.object({
    hosts: z.array(z.string()).default([]),
    http: z
      .array(
        z.object({
          match: z.array(z.object({ headers: z.record(z.string(), StringMatch).default({}) })).optional(),
          route: z
            .array(
              z.object({
                destination: z.object({ host: z.string(), subset: z.string().optional() }),
                weight: z.number().optional(),
              }),
            )
            .default([]),
        }),
      )
      .default([]),
  }),
});

/** Istio networking.istio.io DestinationRule: what a subset means. */
export const DestinationRuleSchema = z.object({
  spec: z.object({
    host: z.string(),
    subsets: z
      .array(z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }))
      .default([]),
  }),
});

/** Gateway API HTTPRoute. */
export const HttpRouteSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    parentRefs: z.array(z.object({ kind: z.string().optional(), name: z.string() })).default([]),
    hostnames: z.array(z.string()).default([]),
    rules: z
      .array(
        z.object({
          matches: z
            .array(
              z.object({
                headers: z
                  .array(
                    z.object({
                      name: z.string(),
                      value: z.string(),
                      type: z.enum(['Exact', 'RegularExpression']).default('Exact'),
                    }),
                  )
                  .default([]),
              }),
            )
            .optional(),
          backendRefs: z
            .array(z.object({ kind: z.string().optional(), name: z.string(), weight: z.number().optional() }))
            .default([]),
        }),
      )
      .default([]),
  }),
});

export type Headers = Record<string, string>;

/** Does the header pass? Names are compared without case, as HTTP does. */
export function matchesString(match: z.infer<typeof StringMatch>, value: string | undefined): boolean {
  if (value === undefined) return false;
  if ('exact' in match) return value === match.exact;
  if ('prefix' in match) return value.startsWith(match.prefix);
  return matchesWhole(match.regex, value);
}

/** A regular expression that must match the whole value; an invalid one matches nothing. */
export function matchesWhole(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(value);
  } catch {
    return false;
  }
}
