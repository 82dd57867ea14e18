import 'server-only';
import type { z } from 'zod';
import type { ClusterClient } from './client';
import {
  AutoscalerObject,
  DeploymentObject,
  DisruptionBudgetObject,
  listOf,
  NamespaceObject,
  PodObject,
  QuotaObject,
  ReplicaSetObject,
} from './schema';

export type WorkloadRef = { namespace: string; name: string };

export const deploymentPath = ({ namespace, name }: WorkloadRef): string =>
  `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/deployments/${encodeURIComponent(name)}`;

/** Reads for decisions go to the API server itself, never to a cache (change-engine.md 2.2, 15). */
export const readDeployment = (client: ClusterClient, ref: WorkloadRef): Promise<DeploymentObject> =>
  client.get(DeploymentObject, deploymentPath(ref));

/** ReplicaSets that the Deployment controls, newest revision first. */
export async function readReplicaSets(
  client: ClusterClient,
  namespace: string,
  ownerUid: string,
  labelSelector: string,
): Promise<ReplicaSetObject[]> {
  const sets = await readAll(
    client,
    ReplicaSetObject,
    `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/replicasets`,
    labelSelector,
  );
  const owned = sets.filter((set) => set.metadata.ownerReferences.some((owner) => owner.uid === ownerUid));
  const revision = (set: ReplicaSetObject) =>
    Number(set.metadata.annotations['deployment.kubernetes.io/revision'] ?? 0);
  return owned.sort((left, right) => revision(right) - revision(left));
}

export const readPods = (client: ClusterClient, namespace: string, labelSelector: string) =>
  readAll(client, PodObject, `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`, labelSelector);

export const readAutoscalers = (client: ClusterClient, namespace: string) =>
  readAll(
    client,
    AutoscalerObject,
    `/apis/autoscaling/v2/namespaces/${encodeURIComponent(namespace)}/horizontalpodautoscalers`,
  );

export const readDisruptionBudgets = (client: ClusterClient, namespace: string) =>
  readAll(
    client,
    DisruptionBudgetObject,
    `/apis/policy/v1/namespaces/${encodeURIComponent(namespace)}/poddisruptionbudgets`,
  );

export const readQuotas = (client: ClusterClient, namespace: string) =>
  readAll(client, QuotaObject, `/api/v1/namespaces/${encodeURIComponent(namespace)}/resourcequotas`);

/** The uid of kube-system tells one cluster from another, whatever its address. */
export const readClusterUid = async (client: ClusterClient): Promise<string> =>
  (await client.get(NamespaceObject, '/api/v1/namespaces/kube-system')).metadata.uid;

const PAGE = 500;

async function readAll<T extends z.ZodType>(
  client: ClusterClient,
  item: T,
  path: string,
  labelSelector?: string,
): Promise<z.output<T>[]> {
  const all: z.output<T>[] = [];
  let next: string | undefined;
  do {
    const page = await client.get(listOf(item), path, {
      labelSelector,
      limit: String(PAGE),
      continue: next,
    });
    all.push(...page.items);
    next = page.metadata.continue || undefined;
  } while (next !== undefined);
  return all;
}
