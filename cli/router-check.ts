import { sharesOf } from '@/lib/change/staged/router';
import { colours } from '@/lib/config/colours';
import type { Config } from '@/lib/config/schema';
import type { Placement } from '@/lib/config/service';
import type { Cluster } from '@/lib/config/sources';
import type { Pair } from '@/lib/config/traffic';
import { routerOf } from '@/lib/service/pair';
import { clusterClient } from '@/lib/sources/kubernetes/client';
import { RouterObject, routerKinds, routerPath, unknownKind } from '@/lib/sources/kubernetes/routers';
import { SourceError } from '@/lib/sources/source-error';
import type { Right } from './cluster-access';
import { attempt, type Finding } from './source-check';

type Paired = Placement & { pair: Pair };

const pairedOn = (config: Config, cluster: string): { subject: string; placement: Paired }[] =>
  config.services.flatMap(({ id, placements }) =>
    Object.entries(placements).flatMap(([environment, list]) =>
      list.flatMap((placement) =>
        placement.cluster === cluster && placement.pair !== undefined
          ? [
              {
                subject: `Pair of ${id} in ${environment}, ${placement.region}`,
                placement: { ...placement, pair: placement.pair },
              },
            ]
          : [],
      ),
    ),
  );

/** Kinds of routers that the pairs of a cluster name, by namespace, as an access review asks for them. */
export function routerResources(config: Config, cluster: string): Omit<Right, 'verb'>[] {
  const found = pairedOn(config, cluster)
    .filter(({ placement }) => placement.pair.traffic.kind !== 'replicas')
    .map(({ placement }) => {
      const { group, plural } = routerKinds[routerOf(placement.pair).kind];
      const [, name = '', version] = group.split('/');
      return {
        ...(version === undefined ? {} : { group: name }),
        resource: plural,
        namespace: placement.namespace,
      };
    });
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

/** Whether each router that a pair names is there, and says which colour takes the requests. */
export async function checkRouters(config: Config): Promise<Finding[]> {
  const findings = config.clusters.map((cluster) => checkCluster(config, cluster));
  return (await Promise.all(findings)).flat();
}

async function checkCluster(config: Config, cluster: Cluster): Promise<Finding[]> {
  const pairs = pairedOn(config, cluster.id);
  if (pairs.length === 0) return [];
  const client = clusterClient(cluster, cluster.worker);
  const findings = await Promise.all(
    pairs.map(({ subject, placement }) =>
      attempt(subject, async () => [{ subject, ...(await tellOf(client, placement)) }]),
    ),
  );
  await client.close();
  return findings.flat();
}

type Told = Omit<Finding, 'subject'>;

async function tellOf(
  client: ReturnType<typeof clusterClient>,
  { namespace, pair, cluster }: Paired,
): Promise<Told> {
  if (pair.traffic.kind === 'replicas') {
    return { state: 'ok', says: `Service ${pair.traffic.name}: the share is that of the pods.` };
  }
  const { kind, name } = routerOf(pair);
  try {
    const router = RouterObject.parse(await client.get(routerPath(kind, namespace, name), {}));
    const shares = sharesOf(pair, router.spec);
    if (shares === null) {
      const says = `${kind} ${name} in ${namespace} does not say which colour takes the requests: the rule is missing, names other backends, or its weights do not add up.`;
      return { state: 'wrong', says };
    }
    const parts = [...colours, ...(pair.baseline === undefined ? [] : (['baseline'] as const))].map(
      (part) => `${part} ${Math.round((shares[part] ?? 0) * 10) / 10} %`,
    );
    return { state: 'ok', says: `${kind} ${name} in ${namespace}: ${parts.join(', ')} of the requests.` };
  } catch (error) {
    if (!(error instanceof SourceError) || error.status !== 404) throw error;
    // Of an object that is not there the answer gives the name; of an unknown kind it knows none.
    const says = error.answer?.includes(`"${name}"`)
      ? `${kind} ${name} is not in ${namespace}.`
      : unknownKind(cluster, kind);
    return { state: 'wrong', says };
  }
}
