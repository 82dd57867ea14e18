import { z } from 'zod';

/** Parsers of the three routers, written from their API references; the product has its own. */

const Destinations = z.object({
  http: z.array(
    z.object({
      name: z.string().optional(),
      route: z
        .array(z.object({ destination: z.object({ host: z.string() }), weight: z.number().optional() }))
        .default([]),
    }),
  ),
});
const Backends = z.object({
  rules: z.array(
    z.object({
      backendRefs: z.array(z.object({ name: z.string(), weight: z.number().optional() })).default([]),
    }),
  ),
});
const Selector = z.object({ selector: z.record(z.string(), z.string()) });

/** Weights of one rule by backend; undefined where none is written. */
export type Rule = { backends: { service: string; weight: number | undefined }[] };

/** A host may be short or fully qualified: `api`, `api.ns`, `api.ns.svc.cluster.local`. */
const serviceOf = (host: string): string => host.split('.')[0] ?? host;

/** The rules of a VirtualService or HTTPRoute; null for what is neither. */
export function rulesOf(resource: string, spec: unknown): Rule[] | null {
  if (resource.startsWith('virtualservices.')) {
    const parsed = Destinations.safeParse(spec);
    if (!parsed.success) return [];
    return parsed.data.http.map(({ route }) => ({
      backends: route.map(({ destination, weight }) => ({ service: serviceOf(destination.host), weight })),
    }));
  }
  if (resource.startsWith('httproutes.')) {
    const parsed = Backends.safeParse(spec);
    if (!parsed.success) return [];
    return parsed.data.rules.map(({ backendRefs }) => ({
      backends: backendRefs.map(({ name, weight }) => ({ service: name, weight })),
    }));
  }
  return null;
}

/** The labels that a Service chooses its pods by; null for what is no Service. */
export const selectorOf = (resource: string, spec: unknown): Record<string, string> | null =>
  resource === 'services' ? (Selector.safeParse(spec).data?.selector ?? {}) : null;

/** Why the weights of a rule are not what they should be; null when they are. One backend needs no weight. */
export function weightProblem({ backends }: Rule): string | null {
  if (backends.length < 2) return null;
  const missing = backends.find(({ weight }) => weight === undefined);
  if (missing !== undefined) return `leaves the weight of ${missing.service} out`;
  const weights = backends.map(({ weight }) => weight ?? 0);
  if (weights.some((weight) => weight < 0 || !Number.isInteger(weight)))
    return 'has a weight that is no number of parts';
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum === 100 ? null : `has weights that add up to ${sum}, not 100`;
}

/** Share of each backend, as a part of 1, by the rule that has the most backends: the others are for named requests. */
export function sharesOf(rules: readonly Rule[]): Map<string, number> {
  const main = rules.toSorted((a, b) => b.backends.length - a.backends.length)[0];
  if (main === undefined) return new Map();
  const [only] = main.backends;
  if (main.backends.length === 1 && only !== undefined) return new Map([[only.service, 1]]);
  const sum = main.backends.reduce((total, { weight }) => total + (weight ?? 1), 0);
  return new Map(main.backends.map(({ service, weight }) => [service, sum === 0 ? 0 : (weight ?? 1) / sum]));
}
