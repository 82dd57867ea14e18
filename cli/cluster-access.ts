import { ApiException, AuthorizationV1Api, BatchV1Api, setHeaderOptions } from '@kubernetes/client-node';
import { z } from 'zod';
import type { Cluster } from '@/lib/config/sources';
import { kubeConfig } from '@/lib/sources/kubernetes/client';
import { statusError, transportError } from '@/lib/sources/source-error';

/** One right that is asked for; `subresource` where only a part of the object is meant. */
export type Right = {
  verb: string;
  group?: string;
  resource: string;
  subresource?: string;
  namespace?: string;
  name?: string;
};

/** The person that the worker writes for; only the group holds the right to write (deploy/kubernetes). */
const OPERATORS = 'signalbox-operators';
export type Impersonated = { user: string; group: string };
export const somebody: Impersonated = { user: 'signalbox-config-check', group: OPERATORS };

/**
 * Asks the cluster whether the account may do something (SelfSubjectAccessReview); nothing is done. Throws when
 * the cluster does not answer within its time-out or does not know the account.
 */
export async function mayI(
  cluster: Cluster,
  access: Cluster['web'],
  right: Right,
  as?: Impersonated,
): Promise<boolean> {
  const api = kubeConfig(access).makeApiClient(AuthorizationV1Api);
  const { verb, resource, group = '', subresource, namespace, name } = right;
  const resourceAttributes = {
    verb,
    resource,
    group,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
  const timeout = AbortSignal.timeout(cluster.timeout * 1000);
  const options = {
    signal: timeout,
    ...(as === undefined
      ? {}
      : setHeaderOptions('Impersonate-Group', as.group, setHeaderOptions('Impersonate-User', as.user))),
  };
  try {
    const review = await api.createSelfSubjectAccessReview({ body }, options);
    return review.status?.allowed === true;
  } catch (error) {
    throw problemOf(cluster, error, timeout);
  }
}

function problemOf(cluster: Cluster, error: unknown, timeout: AbortSignal): Error {
  if (error instanceof ApiException) return statusError(`Cluster ${cluster.id}`, error.code);
  const reason = error instanceof TypeError && error.cause !== undefined ? error.cause : error;
  return transportError(timeout.aborted ? timeout.reason : reason, `Cluster ${cluster.id}`, cluster.timeout);
}

const Spec = z.record(z.string(), z.json());

/** The spec of a CronJob as the worker's account sees it for somebody; null: there is none of that name. */
export async function readCronJobSpec(
  cluster: Cluster,
  { namespace, name }: { namespace: string; name: string },
  as: Impersonated,
): Promise<z.infer<typeof Spec> | null> {
  const api = kubeConfig(cluster.worker).makeApiClient(BatchV1Api);
  const timeout = AbortSignal.timeout(cluster.timeout * 1000);
  const options = {
    signal: timeout,
    ...setHeaderOptions('Impersonate-Group', as.group, setHeaderOptions('Impersonate-User', as.user)),
  };
  try {
    const found = await api.readNamespacedCronJob({ namespace, name }, options);
    return Spec.parse(JSON.parse(JSON.stringify(found.spec ?? {})));
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return null;
    throw problemOf(cluster, error, timeout);
  }
}

export const describeRight = ({ verb, resource, subresource, namespace, name }: Right): string =>
  `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}${name === undefined ? '' : ` ${name}`}${namespace === undefined ? '' : ` in ${namespace}`}`;
