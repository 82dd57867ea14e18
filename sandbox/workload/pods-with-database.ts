import { defaultBehaviour, type PodBehaviour } from '../kubernetes/controllers/pod-behaviour';
import { type ClusterId, findService, type ServiceId } from '../topology';
import { podView } from './pod-view';

/** Whether a service has no way into its database in a cluster. */
export type IsDatabaseAway = (cluster: ClusterId, service: ServiceId) => boolean;

/** Pods of production answer `/ready` by their database; the one of staging is none of those that are watched. */
export const podsWithDatabase = (cluster: ClusterId, isAway: IsDatabaseAway): PodBehaviour => ({
  ...defaultBehaviour,
  outcome: (object) => {
    const pod = podView(object);
    if (pod?.service == null) return 'ok';
    const isProduction = findService(pod.service)?.namespaces.production === pod.namespace;
    return isProduction && isAway(cluster, pod.service) ? 'never-ready' : 'ok';
  },
});
