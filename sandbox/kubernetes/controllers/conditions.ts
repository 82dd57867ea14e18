import type { JsonObject } from '../store';
import { listAt } from './read';

export type DeploymentCondition = {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
};

export function findCondition(status: JsonObject, type: string): JsonObject | undefined {
  return listAt(status, 'conditions').find((condition) => condition['type'] === type);
}

export function withoutCondition(status: JsonObject, type: string): JsonObject {
  const conditions = listAt(status, 'conditions').filter((condition) => condition['type'] !== type);
  const { conditions: _old, ...rest } = status;
  return conditions.length > 0 ? { ...rest, conditions } : rest;
}

/**
 * Upstream's SetDeploymentCondition: same status and reason means no change at all, the same status keeps
 * its transition time, and a changed condition moves to the end of the list.
 */
export function withCondition(status: JsonObject, condition: DeploymentCondition, now: string): JsonObject {
  const current = findCondition(status, condition.type);
  if (current && current['status'] === condition.status && current['reason'] === condition.reason)
    return status;
  const lastTransitionTime =
    current?.['status'] === condition.status ? (current['lastTransitionTime'] ?? now) : now;
  const { type, status: value, reason, message } = condition;
  const entry = { type, status: value, lastUpdateTime: now, lastTransitionTime, reason, message };
  const others = listAt(status, 'conditions').filter((other) => other['type'] !== type);
  return { ...status, conditions: [...others, entry] };
}
