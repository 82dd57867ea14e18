import { textAt } from '../kubernetes/controllers/read';
import type { NewObject, Store } from '../kubernetes/store';
import type { Placement } from '../topology';

/** The key of the ConfigMap by which a service is put into maintenance, and its two texts. */
export const MAINTENANCE = { key: 'mode', on: 'on', off: 'off' } as const;

export const maintenanceName = (service: string): string => `${service}-maintenance`;

/** Whether the service of this name refuses its requests; one that has no such ConfigMap never does. */
export function isInMaintenance(store: Store, namespace: string, service: string): boolean {
  const found = store.get('configmaps', namespace, maintenanceName(service));
  return textAt(found, 'data', MAINTENANCE.key) === MAINTENANCE.on;
}

/** Made where it is missing, so that a store which an earlier version kept gets it too. */
export function seedMaintenance(store: Store, { namespace, service }: Placement): void {
  const name = maintenanceName(service.id);
  if (store.get('configmaps', namespace, name)) return;
  const object: NewObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels: { app: service.id, team: service.team } },
    data: { [MAINTENANCE.key]: MAINTENANCE.off },
  };
  store.create('configmaps', object);
}
