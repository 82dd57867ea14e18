import 'server-only';
import { z } from 'zod';
import { aloneOf, sharesOf } from '@/lib/change/staged/router';
import { type Colour, colours } from '@/lib/config/colours';
import type { Placement } from '@/lib/config/service';
import type { Pair } from '@/lib/config/traffic';
import { routerOf } from '@/lib/service/pair';
import type { ClusterClient } from '@/lib/sources/kubernetes/client';
import { RouterObject, routerPath } from '@/lib/sources/kubernetes/routers';
import { SourceError } from '@/lib/sources/source-error';
import type { Measured } from './measure';

type Counts = NonNullable<Measured['pods']>;

const Deployment = z.object({
  spec: z.object({ replicas: z.int().default(1) }),
  status: z.object({ readyReplicas: z.int().default(0) }).prefault({}),
});

/**
 * Pods of what takes the requests of a placement: with a pair those of the live colour, of both while both take
 * requests. Throws SourceError, and Error when the router does not say which colour is live.
 */
export async function countPods(client: Pick<ClusterClient, 'get'>, placement: Placement): Promise<Counts> {
  const { namespace, pair } = placement;
  const names =
    pair === undefined ? [placement.deployment] : await servingDeployments(client, namespace, pair);
  const counts = await Promise.all(
    names.map(async (name) => {
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
      const { spec, status } = Deployment.parse(await client.get(path, {}));
      return { ready: status.readyReplicas, desired: spec.replicas };
    }),
  );
  return {
    ready: counts.reduce((sum, { ready }) => sum + ready, 0),
    desired: counts.reduce((sum, { desired }) => sum + desired, 0),
  };
}

async function servingDeployments(
  client: Pick<ClusterClient, 'get'>,
  namespace: string,
  pair: Pair,
): Promise<string[]> {
  // Where the pods are the share, every ready one takes requests.
  if (pair.traffic.kind === 'replicas') return colours.map((colour) => pair[colour].deployment);
  const { kind, name } = routerOf(pair);
  const router = await orNull(client.get(routerPath(kind, namespace, name), {}));
  const told = router === null ? null : sharesOf(pair, RouterObject.parse(router).spec);
  const shares = told ?? aloneOf(await desiredOf(client, namespace, pair));
  if (shares === null) throw new Error(`${kind} ${name} does not say which colour takes the requests.`);
  return colours.filter((colour) => shares[colour] > 0).map((colour) => pair[colour].deployment);
}

async function desiredOf(
  client: Pick<ClusterClient, 'get'>,
  namespace: string,
  pair: Pair,
): Promise<Record<Colour, number>> {
  const [blue, green] = await Promise.all(
    colours.map(async (colour) => {
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${pair[colour].deployment}`;
      const found = await orNull(client.get(path, {}));
      return found === null ? 0 : Deployment.parse(found).spec.replicas;
    }),
  );
  return { blue: blue ?? 0, green: green ?? 0 };
}

/** Null for what the cluster does not have. */
async function orNull(read: Promise<unknown>): Promise<unknown> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof SourceError && error.status === 404) return null;
    throw error;
  }
}
