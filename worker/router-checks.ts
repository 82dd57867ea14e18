import { resourceOf } from '@/lib/actuators/kubernetes/object';
import { mayPatch, OPERATORS_GROUP } from '@/lib/actuators/kubernetes/write';
import { toldShares } from '@/lib/change/plan/live-target';
import type { Config } from '@/lib/config/schema';
import { monotonicMs } from '@/lib/core/time';
import { routerOf } from '@/lib/service/pair';
import type { WorkerClusters } from './clusters';
import type { ReadyCheck } from './server';

/** A probe comes every few seconds; routers are looked at once a minute. */
const KEPT_MS = 60_000;

/**
 * One check for each router that a pair names: whether it can be read, says which colour takes the requests, and may
 * be written for people. They tell and do not decide: a service without its router is no reason to stop a worker.
 */
export function routerChecks(config: Config, clusters: Pick<WorkerClusters, 'of'>): ReadyCheck[] {
  const placements = config.services.flatMap((service) => Object.values(service.placements).flat());
  return placements.flatMap(({ pair, cluster, namespace }) => {
    if (pair === undefined || pair.traffic.kind === 'replicas') return [];
    const { kind, name } = routerOf(pair);
    const run = async (): Promise<void> => {
      const client = clusters.of(cluster);
      const onBehalfOf = { user: 'signalbox-ready', attempt: 'ready' };
      const [shares, allowed] = await Promise.all([
        toldShares(client, { namespace }, pair),
        mayPatch(client, { namespace, name }, onBehalfOf, resourceOf(kind)),
      ]);
      if (shares === null) {
        throw new Error(`${kind} ${name} is not there, or does not say which colour takes the requests.`);
      }
      if (!allowed) throw new Error(`The group ${OPERATORS_GROUP} may not patch ${kind} ${name}.`);
    };
    return [{ name: `router ${cluster}/${namespace}/${kind} ${name}`, run: kept(run), decides: false }];
  });
}

/** The last result again until it is a minute old; several that ask at once wait for one answer. */
function kept(run: () => Promise<void>): () => Promise<void> {
  let last: { atMs: number; result: Promise<void> } | undefined;
  return () => {
    if (last === undefined || monotonicMs() - last.atMs > KEPT_MS)
      last = { atMs: monotonicMs(), result: run() };
    return last.result;
  };
}
