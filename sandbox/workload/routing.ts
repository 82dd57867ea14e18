import type { Store } from '../kubernetes/store';
import { findPod, type PodView } from './pod-view';
import {
  DestinationRuleSchema,
  type Headers,
  HttpRouteSchema,
  matchesString,
  matchesWhole,
  SliceSchema,
  VirtualServiceSchema,
} from './route-objects';

/** Ready pods behind one destination of a route, and the weight of that destination. */
export type Destination = { weight: number; pods: PodView[] };
/** The first rule that matches the headers of a request decides. */
export type Rule = { matches: (headers: Headers) => boolean; destinations: Destination[] };

/**
 * Where requests go. A mesh or gateway chooses for each request; a plain Service chooses once, when a connection
 * is opened.
 */
export type Routes = { chosenFor: 'request' | 'connection'; rules: Rule[] };

const always = () => true;

/**
 * Where the requests for a Service go now: by its VirtualService, else by its HTTPRoute, else plainly to
 * the ready endpoints of the Service. No rules mean that nothing answers for that name.
 */
export function routesOf(store: Store, namespace: string, service: string): Routes {
  const routed = virtualServiceRules(store, namespace, service) ?? httpRouteRules(store, namespace, service);
  if (routed) return { chosenFor: 'request', rules: routed };
  if (!store.get('services', namespace, service)) return { chosenFor: 'connection', rules: [] };
  const pods = readyPods(store, namespace, service);
  return { chosenFor: 'connection', rules: [{ matches: always, destinations: [{ weight: 1, pods }] }] };
}

/** Pods that the EndpointSlices of a Service call ready. */
export function readyPods(store: Store, namespace: string, service: string): PodView[] {
  const pods: PodView[] = [];
  for (const object of store.list('endpointslices.discovery.k8s.io', namespace)) {
    if (object.metadata.labels?.['kubernetes.io/service-name'] !== service) continue;
    const slice = SliceSchema.safeParse(object);
    for (const endpoint of slice.data?.endpoints ?? []) {
      if (endpoint.conditions?.ready === false || endpoint.targetRef?.kind !== 'Pod') continue;
      const pod = findPod(store, namespace, endpoint.targetRef.name);
      if (pod) pods.push(pod);
    }
  }
  return pods;
}

/** `name`, `name.namespace` and the fully qualified forms are one host. */
function isHostOf(host: string, service: string, namespace: string): boolean {
  const [name, space] = host.split('.');
  return name === service && (space === undefined || space === namespace);
}

function virtualServiceRules(store: Store, namespace: string, service: string): Rule[] | null {
  for (const object of store.list('virtualservices.networking.istio.io', namespace)) {
    const parsed = VirtualServiceSchema.safeParse(object);
    if (!parsed.success) continue;
    const { hosts, http } = parsed.data.spec;
    if (!hosts.some((host) => isHostOf(host, service, namespace))) continue;
    return http.map((rule) => ({
      matches: (headers: Headers) =>
        rule.match === undefined ||
        rule.match.some((match) =>
          Object.entries(match.headers).every(([name, wanted]) =>
            matchesString(wanted, headers[name.toLowerCase()]),
          ),
        ),
      destinations: rule.route.map(({ destination, weight }) => ({
        weight: weight ?? (rule.route.length === 1 ? 100 : 0),
        pods: podsOfSubset(store, namespace, destination),
      })),
    }));
  }
  return null;
}

function podsOfSubset(
  store: Store,
  namespace: string,
  destination: { host: string; subset?: string | undefined },
): PodView[] {
  const service = destination.host.split('.')[0] ?? destination.host;
  const pods = readyPods(store, namespace, service);
  if (destination.subset === undefined) return pods;
  for (const object of store.list('destinationrules.networking.istio.io', namespace)) {
    const rule = DestinationRuleSchema.safeParse(object);
    if (!rule.success || !isHostOf(rule.data.spec.host, service, namespace)) continue;
    const subset = rule.data.spec.subsets.find(({ name }) => name === destination.subset);
    if (!subset) continue;
    return pods.filter((pod) =>
      Object.entries(subset.labels).every(([label, value]) => pod.labels[label] === value),
    );
  }
  // A subset that nobody defines has no endpoints: the proxy answers 503.
  return [];
}

function httpRouteRules(store: Store, namespace: string, service: string): Rule[] | null {
  for (const object of store.list('httproutes.gateway.networking.k8s.io', namespace)) {
    const parsed = HttpRouteSchema.safeParse(object);
    if (!parsed.success) continue;
    const { metadata, spec } = parsed.data;
    const attached = spec.parentRefs.some(({ kind, name }) => kind === 'Service' && name === service);
    if (!attached && metadata.name !== service) continue;
    const rules = spec.rules.flatMap((rule) => {
      const destinations = rule.backendRefs.map((backend) => ({
        weight: backend.weight ?? 1,
        pods: readyPods(store, namespace, backend.name),
      }));
      return (rule.matches ?? [{ headers: [] }]).map(({ headers: wanted }) => ({
        wanted: wanted.length,
        destinations,
        matches: (headers: Headers) =>
          wanted.every(({ name, value, type }) => {
            const given = headers[name.toLowerCase()];
            if (given === undefined) return false;
            return type === 'Exact' ? given === value : matchesWhole(value, given);
          }),
      }));
    });
    // Gateway API: the match with the most headers wins, then the earlier rule.
    return rules.toSorted((a, b) => b.wanted - a.wanted);
  }
  return null;
}
