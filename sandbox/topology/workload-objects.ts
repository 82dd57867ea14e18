import type { NewObject, Store } from '../kubernetes/store';
import { hasPair, type Placement } from '../topology';
import { labelsOf, type Member, seedMember, service } from './member-objects';
import { seedPair } from './pair-objects';

function disruptionBudget(placement: Placement): NewObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: placement.service.id, namespace: placement.namespace },
    spec: {
      minAvailable: placement.replicas - 1,
      selector: { matchLabels: { app: placement.service.id } },
    },
  };
}

/**
 * The Deployment that serves now, at its second revision; beside it the Service and, in production, the
 * disruption budget and the other colour with its router.
 */
export function seedPlacement(store: Store, placement: Placement, nowMs: number): void {
  const { id, releases } = placement.service;
  const pair = hasPair(placement);
  const daysAgo = pair ? [releases[1].daysAgo, releases[2].daysAgo] : [releases[2].daysAgo, 2];
  const serving: Member = {
    name: id,
    colour: pair ? 'blue' : null,
    replicas: placement.replicas,
    revisions: [
      { version: placement.previous, daysAgo: daysAgo[0] ?? 0 },
      { version: placement.version, daysAgo: daysAgo[1] ?? 0 },
    ],
  };
  seedMember(store, placement, serving, nowMs);
  const bySelector = pair && placement.service.router === 'service';
  store.create('services', service(placement, id, bySelector ? labelsOf(placement, serving) : { app: id }));
  if (!pair) return;
  store.create('poddisruptionbudgets.policy', disruptionBudget(placement));
  seedPair(store, placement, nowMs);
}
