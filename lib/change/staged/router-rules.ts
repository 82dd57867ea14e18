import * as z from 'zod/mini';
import { type Colour, colours } from '@/lib/config/colours';
import { OpsError } from '@/lib/core/errors';
import type { Fields } from './contract';
import type { RoutedPair } from './routed-pair';

export type { RoutedPair };

type Json = Fields[string];
export type JsonObject = { [key: string]: Json };

/** Percent of the requests by colour, and of the baseline where the pair has one. */
export type Shares = Record<Colour, number> & { baseline?: number };

/** Whatever a router may send requests to. */
export const parts = [...colours, 'baseline'] as const;
export type Part = (typeof parts)[number];
export const serviceOf = (pair: RoutedPair, part: Part): string | null => pair[part]?.service ?? null;

/** What an entry of a weighted route names; null where it is nothing that this file may touch. */
export type Entry = { host: string; weight: number | null };

export const JsonObject: z.ZodMiniType<JsonObject> = z.record(z.string(), z.json());
export const objectsOf = (value: Json | undefined): JsonObject[] | null =>
  z.array(JsonObject).safeParse(value).data ?? null;

export const misfit = (message: string): OpsError =>
  new OpsError('precondition', message, {
    next: 'Correct the object in the cluster, or name the right rule in signalbox.yaml.',
  });

const nouns = { service: 'Service', 'virtual-service': 'VirtualService', 'http-route': 'HTTPRoute' } as const;
export const objectName = ({ traffic }: RoutedPair): string =>
  traffic.kind === 'replicas' ? `Service ${traffic.name}` : `${nouns[traffic.kind]} ${traffic.name}`;

export const ruleName = ({ traffic }: RoutedPair): string =>
  traffic.kind === 'virtual-service'
    ? `http route named ${traffic.route}`
    : `rule number ${traffic.kind === 'http-route' ? traffic.rule : 0} (counted from 0)`;

export const entryMember = (pair: RoutedPair): 'route' | 'backendRefs' =>
  pair.traffic.kind === 'virtual-service' ? 'route' : 'backendRefs';

const Destination = z.looseObject({ host: z.string(), subset: z.optional(z.string()) });
const BackendRef = z.looseObject({
  group: z.optional(z.string()),
  kind: z.optional(z.string()),
  name: z.string(),
  namespace: z.optional(z.string()),
});
const Weight = z.optional(z.number().check(z.minimum(0)));

/** What the entries name and weigh; null when one of them is no Service of the pair. */
export function entriesOf(pair: RoutedPair, rule: JsonObject): Entry[] | null {
  const raw = objectsOf(rule[entryMember(pair)]);
  if (raw === null || raw.length === 0) return null;
  const entries = raw.map((one) => entryOf(pair, one));
  const known = entries.filter((entry) => entry !== null);
  const hosts = new Set(known.map(({ host }) => host));
  const ours = known.every(({ host }) => parts.some((part) => serviceOf(pair, part) === host));
  return known.length === entries.length && hosts.size === known.length && ours ? known : null;
}

function entryOf(pair: RoutedPair, entry: JsonObject): Entry | null {
  const weight = Weight.safeParse(entry['weight']);
  if (!weight.success) return null;
  if (pair.traffic.kind === 'virtual-service') {
    const destination = Destination.safeParse(entry['destination']).data;
    if (destination === undefined || destination.subset !== undefined) return null;
    const host = serviceOfHost(destination.host);
    return host === null ? null : { host, weight: weight.data ?? null };
  }
  const ref = BackendRef.safeParse(entry).data;
  // A reference into another namespace is another Service, whatever its name.
  if (ref === undefined || ref.namespace !== undefined || (ref.kind ?? 'Service') !== 'Service') return null;
  return (ref.group ?? '') === '' ? { host: ref.name, weight: weight.data ?? null } : null;
}

/** `api`, `api.shop` and `api.shop.svc.cluster.local` are the Service `api`. */
function serviceOfHost(host: string): string | null {
  return /^([a-z0-9-]+)(\.[a-z0-9-]+(\.svc(\.[a-z0-9.-]+)?)?)?$/.exec(host)?.[1] ?? null;
}

export const byPart = (pair: RoutedPair, entries: readonly Entry[]): Record<Part, Entry | null> => ({
  blue: entries.find(({ host }) => host === pair.blue.service) ?? null,
  green: entries.find(({ host }) => host === pair.green.service) ?? null,
  baseline: entries.find(({ host }) => host === pair.baseline?.service) ?? null,
});

/** Ways of a request beside the weights: a mirror doubles the load, a redirect or a delegate makes weights void. */
export function refuseOtherWays(pair: RoutedPair, rule: JsonObject): void {
  const filters = objectsOf(rule['filters']) ?? [];
  const other =
    ['mirror', 'mirrors', 'redirect', 'directResponse', 'delegate'].find(
      (name) => rule[name] !== undefined,
    ) ??
    filters.map(({ type }) => type).find((type) => type === 'RequestMirror' || type === 'RequestRedirect');
  if (other !== undefined)
    throw misfit(`The ${ruleName(pair)} of ${objectName(pair)} has a ${String(other)} beside its weights.`);
}

/** The same destination with this Service; a host keeps its namespace. */
export function sendTo(pair: RoutedPair, entry: JsonObject, service: string): JsonObject {
  if (pair.traffic.kind !== 'virtual-service') return { ...entry, name: service };
  const destination = JsonObject.parse(entry['destination']);
  const [, ...namespace] = z.string().parse(destination['host']).split('.');
  return { ...entry, destination: { ...destination, host: [service, ...namespace].join('.') } };
}

/** The configured rule for `x-canary: true`; null when none is. It must match that header and nothing more lax. */
export function headerRule(pair: RoutedPair, rules: JsonObject[], weighted: JsonObject): JsonObject | null {
  const { traffic } = pair;
  if (traffic.kind === 'http-route') {
    if (traffic.headerRule === undefined) return null;
    const rule = rules[traffic.headerRule];
    if (rule === undefined) throw misfit(`${objectName(pair)} has no rule number ${traffic.headerRule}.`);
    return checked(pair, rule, `rule number ${traffic.headerRule}`, matchesByHttpRoute);
  }
  if (traffic.kind !== 'virtual-service' || traffic.headerRoute === undefined) return null;
  const name = `http route named ${traffic.headerRoute}`;
  const found = rules.filter((rule) => rule['name'] === traffic.headerRoute);
  const [rule] = found;
  if (rule === undefined || found.length > 1)
    throw misfit(`${objectName(pair)} has no ${name}, or has it twice.`);
  if (rules.indexOf(rule) > rules.indexOf(weighted))
    throw misfit(`In ${objectName(pair)} the ${name} comes after the ${ruleName(pair)} and matches nothing.`);
  return checked(pair, rule, name, matchesByVirtualService);
}

function checked(
  pair: RoutedPair,
  rule: JsonObject,
  name: string,
  matches: (rule: JsonObject) => boolean,
): JsonObject {
  refuseOtherWays(pair, rule);
  if (!matches(rule)) {
    throw misfit(
      `The ${name} of ${objectName(pair)} matches other requests than those with the header x-canary: true.`,
    );
  }
  const entries = entriesOf(pair, rule);
  if (entries?.length === 1) return rule;
  throw misfit(`The ${name} of ${objectName(pair)} does not send to one Service of the pair alone.`);
}

const IstioMatches = z
  .array(
    z.looseObject({ headers: z.looseObject({ 'x-canary': z.looseObject({ exact: z.literal('true') }) }) }),
  )
  .check(z.minLength(1));
const matchesByVirtualService = (rule: JsonObject): boolean => IstioMatches.safeParse(rule['match']).success;

const GatewayMatches = z
  .array(
    z.looseObject({
      headers: z.array(z.looseObject({ name: z.string(), value: z.string(), type: z.optional(z.string()) })),
    }),
  )
  .check(z.minLength(1));
const matchesByHttpRoute = (rule: JsonObject): boolean =>
  GatewayMatches.safeParse(rule['matches']).data?.every(({ headers }) =>
    headers.some(
      ({ name, value, type }) =>
        name.toLowerCase() === 'x-canary' && value === 'true' && (type ?? 'Exact') === 'Exact',
    ),
  ) ?? false;
