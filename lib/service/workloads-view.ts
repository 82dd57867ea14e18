import 'server-only';
import { colours } from '@/lib/config/colours';
import type { Config } from '@/lib/config/schema';
import type { Placement } from '@/lib/config/service';
import { mapReading, type Reading } from '@/lib/core/reading';
import type { KindName, KindRecord } from '@/lib/sources/kubernetes/cache';
import { clustersSettled, readObjects, readPlacement } from './clusters';
import { type ColourNow, type PairNow, pairOf, servingColours, takesWords } from './pair';
import { deploymentsOf, type Located, locate } from './placements';
import { objectsOf } from './row';
import {
  autoscalerRow,
  byTrouble,
  cronJobRow,
  deploymentRow,
  eventRow,
  isOwnEvent,
  jobRow,
  pairView,
  podRow,
  statefulSetRow,
} from './workloads';
import type { PodRow, ServiceWorkloads, WorkloadRow } from './workloads-contract';

/** More rows than this no person reads; the count tells how many there are. */
const maxPods = 500;
const maxEvents = 100;
const maxJobs = 10;

/** Deployments of the namespace that belong to another configured service. */
function foreign(config: Config, { service, placement }: Located): Set<string> {
  return new Set(
    config.services
      .filter(({ id }) => id !== service.id)
      .flatMap((other) => Object.values(other.placements).flat())
      .filter(({ cluster, namespace }) => cluster === placement.cluster && namespace === placement.namespace)
      .flatMap(deploymentsOf),
  );
}

/** The colour that takes the most requests first, then the idle one; without a pair the one Deployment there is. */
function ownDeployments({ deployment }: Placement, pair: Reading<PairNow> | null): ColourNow['name'][] {
  if (pair === null || pair.state === 'missing') return [deployment];
  const named = colours
    .map((colour) => pair.value[colour])
    .toSorted((a, b) => (b.share ?? 0) - (a.share ?? 0))
    .map(({ name }) => name);
  const { baseline } = pair.value;
  return baseline === undefined ? named : [...named, baseline.name];
}

/** `green, takes no requests`; null for a Deployment that is none of the pair. */
function noteOf(name: string, pair: Reading<PairNow> | null): string | null {
  if (pair === null || pair.state === 'missing') return null;
  const { baseline } = pair.value;
  if (baseline?.name === name) return `baseline of canaries, ${takesWords(baseline)}`;
  const found = colours.map((colour) => pair.value[colour]).find((one) => one.name === name);
  return found === undefined ? null : `${found.colour}, ${takesWords(found)}`;
}

function workloadsOf(config: Config, place: Located, pair: Reading<PairNow> | null): Reading<WorkloadRow[]> {
  const { placement } = place;
  const others = foreign(config, place);
  const own = ownDeployments(placement, pair);
  const rankOf = (name: string): number => (own.includes(name) ? own.indexOf(name) : own.length);
  const rows = <K extends KindName>(kind: K, make: (found: KindRecord<K>[]) => WorkloadRow[]) =>
    mapReading(readObjects(config, placement, kind), make);
  const parts = [
    rows('deployments', (found) =>
      found
        .filter(({ name }) => !others.has(name))
        .sort((a, b) => rankOf(a.name) - rankOf(b.name) || a.name.localeCompare(b.name))
        .map((one) =>
          deploymentRow(one, own.includes(one.name) ? placement.container : null, noteOf(one.name, pair)),
        ),
    ),
    rows('horizontalpodautoscalers', (found) =>
      found.filter(({ target }) => !others.has(target.name)).map(autoscalerRow),
    ),
    rows('statefulsets', (found) => found.map(statefulSetRow)),
    rows('cronjobs', (found) => found.map(cronJobRow)),
    rows('jobs', (found) =>
      found
        .sort((a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? ''))
        .slice(0, maxJobs)
        .map(jobRow),
    ),
  ];
  const [deployments] = parts;
  if (deployments === undefined || deployments.state === 'missing') {
    return deployments ?? { state: 'missing', reason: 'not-configured' };
  }
  const all = parts.flatMap((part) => (part.state === 'missing' ? [] : part.value));
  const worst = parts.find(({ state }) => state === 'stale') ?? deployments;
  return worst.state === 'missing' ? worst : { ...worst, value: all };
}

/**
 * Pods of what takes requests. While nobody knows which colour does, those of both: what they are is known all the
 * same.
 */
function podsShown(config: Config, place: Located, pair: Reading<PairNow> | null): Reading<PodRow[]> {
  const { container } = place.placement;
  if (pair === null) {
    return mapReading(objectsOf(config, place), ({ pods }) => pods.map((pod) => podRow(pod, container)));
  }
  return mapReading(pair, (both) => {
    const serving = servingColours(both);
    const shown = serving.length === 0 ? colours.map((colour) => both[colour]) : serving;
    return shown.flatMap(({ colour, pods }) => pods.map((pod) => podRow(pod, container, colour)));
  });
}

export type WorkloadsAsk = {
  service: string;
  environment?: string | undefined;
  region?: string | undefined;
};

/** What the cluster runs for a service. Throws OpsError `not-found`; a dead cluster is in the readings. */
export async function serviceWorkloadsView(config: Config, ask: WorkloadsAsk): Promise<ServiceWorkloads> {
  const place = locate(config, ask);
  await clustersSettled(config, 2000);
  const { placement } = place;
  const pair = pairOf(placement, readPlacement(config, placement));
  const pods = podsShown(config, place, pair);
  return {
    cluster: placement.cluster,
    namespace: placement.namespace,
    pair: pair === null ? null : mapReading(pair, pairView),
    workloads: workloadsOf(config, place, pair),
    pods: mapReading(pods, (rows) => rows.sort(byTrouble).slice(0, maxPods)),
    podsTotal: pods.state === 'missing' ? 0 : pods.value.length,
    events: mapReading(readObjects(config, placement, 'events'), (found) =>
      found
        .filter((event) => isOwnEvent(event, placement))
        .flatMap((event) => eventRow(event) ?? [])
        .sort((a, b) => b.at.localeCompare(a.at))
        .slice(0, maxEvents),
    ),
  };
}
