import { awayPods, surgePods } from './plan/quantity';
import type { DeployPlan } from './plan-contract';
import { podsWord } from './words';

/** Pods that serve at least and run at most while a rollout replaces them. */
export function rolloutCapacity({
  replicas,
  maxSurge,
  maxUnavailable,
}: Pick<DeployPlan, 'replicas' | 'maxSurge' | 'maxUnavailable'>): string {
  const away = awayPods(maxUnavailable, maxSurge, replicas);
  const least = away === 0 ? `all ${replicas} serve all the time` : `at least ${replicas - away} serve`;
  return `${podsWord(replicas)}: ${least}, at most ${replicas + surgePods(maxSurge, replicas)} run`;
}
