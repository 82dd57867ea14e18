import type { Facts } from './facts';
import type { Live } from './rollout';

/**
 * What differs from our last settled write, as a sentence that names the writer; null when nothing does.
 * Replicas that an autoscaler set are its own business, unless the change is about them.
 */
export function driftOf(live: Live, facts: Pick<Facts, 'expected' | 'scale'>): string | null {
  const { expected } = facts;
  const who = live.writer === null ? 'Somebody else' : `“${live.writer}”`;
  if (live.template !== expected.template) return `${who} changed the pod template of the Deployment.`;
  if (live.paused !== expected.paused) return `${who} ${live.paused ? 'paused' : 'unpaused'} the Deployment.`;
  if (live.replicas === expected.replicas) return null;
  if (!live.scaledByAutoscaler) {
    return `${who} scaled the Deployment from ${expected.replicas} to ${live.replicas} pods.`;
  }
  return facts.scale === null
    ? null
    : `The autoscaler set the Deployment from ${expected.replicas} to ${live.replicas} pods.`;
}
