import 'server-only';
import type { Answer, ClusterClient } from './client';
import { ClusterError } from './error';
import { FENCE_ANNOTATION, type Fence, writeFence } from './fence';
import type { JsonObject } from './merge-patch';
import { deploymentPath, type WorkloadRef } from './read';
import { AccessReviewObject, DeploymentObject } from './schema';

/** The group that holds the write rights (architecture.md 11); the account itself may only read and impersonate. */
export const OPERATORS_GROUP = 'signalbox-operators';
export const FIELD_MANAGER = 'signalbox';

/** For whom a write is made: the cluster's audit log names the human and the attempt. */
export type OnBehalfOf = { user: string; attempt: string };

export type DeploymentWrite = {
  ref: WorkloadRef;
  /** Merge patch of spec; metadata is added here. */
  spec: JsonObject;
  /** Compare-and-swap: the write is refused with 409 when the object is newer. */
  resourceVersion: string;
  fence: Fence;
  onBehalfOf: OnBehalfOf;
  dryRun?: boolean;
};

export type WriteResult = { object: DeploymentObject; auditId: string | null };

/** Impersonation headers; header values are Latin-1, so anything else is percent-encoded. */
export function impersonate({ user, attempt }: OnBehalfOf): Record<string, string> {
  return {
    'impersonate-user': encodeHeader(user),
    'impersonate-group': OPERATORS_GROUP,
    'impersonate-extra-signalbox.dev%2fattempt': encodeHeader(attempt),
  };
}

const encodeHeader = (value: string): string =>
  value.toWellFormed().replace(/[^\x21-\x7e]/gu, (char) => encodeURIComponent(char));

/** The body that is sent: dry run and write differ in the query alone. */
export function deploymentPatch(write: DeploymentWrite): JsonObject {
  return {
    metadata: {
      resourceVersion: write.resourceVersion,
      annotations: { [FENCE_ANNOTATION]: writeFence(write.fence) },
    },
    spec: write.spec,
  };
}

/** One fenced write of a Deployment. Throws ClusterError; after `timeout`, `unreachable` or `failing` read back first. */
export async function patchDeployment(client: ClusterClient, write: DeploymentWrite): Promise<WriteResult> {
  const answer = await client.call({
    method: 'PATCH',
    path: deploymentPath(write.ref),
    query: { fieldManager: FIELD_MANAGER, dryRun: write.dryRun ? 'All' : undefined },
    headers: {
      'content-type': 'application/merge-patch+json',
      'user-agent': `signalbox-worker change/c-${write.fence.change}`,
      ...impersonate(write.onBehalfOf),
    },
    body: deploymentPatch(write),
  });
  return { object: parseDeployment(client, answer), auditId: answer.auditId };
}

function parseDeployment(client: ClusterClient, answer: Answer): DeploymentObject {
  const parsed = DeploymentObject.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  throw new ClusterError('bad-response', `${client.id} answered the write with an unexpected object.`, {
    cause: parsed.error,
  });
}

/**
 * Whether the operators' group may patch this object, a Deployment unless said otherwise; asked as the person for whom
 * it would be done.
 */
export const mayPatch = (
  client: ClusterClient,
  ref: WorkloadRef,
  onBehalfOf: OnBehalfOf,
  what = { group: 'apps', resource: 'deployments' },
): Promise<boolean> =>
  reviewAccess(client, { ...what, verb: 'patch', namespace: ref.namespace, name: ref.name }, onBehalfOf);

/** What an access review asks about: a verb on a resource of a namespace, and on one object of it where named. */
export type Asked = { group: string; resource: string; verb: string; namespace: string } & {
  name?: string;
  subresource?: string;
};

/** Asked as the person for whom it would be done. Throws ClusterError. */
export async function reviewAccess(
  client: ClusterClient,
  resourceAttributes: Asked,
  onBehalfOf: OnBehalfOf,
): Promise<boolean> {
  const answer = await client.call({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    headers: impersonate(onBehalfOf),
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    },
  });
  return AccessReviewObject.parse(answer.body).status.allowed;
}
