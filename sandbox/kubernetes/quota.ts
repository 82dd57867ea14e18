import { type ApiError, forbidden } from './api-error';
import { isFinished } from './controllers/pod-facts';
import { formatQuantity, parseQuantity } from './controllers/quantity';
import { listAt, objectAt, textAt } from './controllers/read';
import type { KubeObject, NewObject } from './store';

const SUMMED = new Set(['cpu', 'memory', 'ephemeral-storage']);

const halves = (key: string): [side: string, resource: string] => {
  const [first = '', second] = key.split('.', 2);
  return second === undefined ? ['requests', first] : [first, second];
};

/** Whether a figure of a quota is added up over pods; others count objects. */
export function isPodFigure(key: string): boolean {
  const [side, resource] = halves(key);
  return key === 'pods' || (SUMMED.has(resource) && (side === 'requests' || side === 'limits'));
}

/** What one pod takes of such a figure, in thousandths of its unit. */
export function podUse(key: string, pod: KubeObject | NewObject): bigint {
  if (key === 'pods') return 1000n;
  const [side, resource] = halves(key);
  return listAt(pod, 'spec', 'containers').reduce((sum, container) => {
    const given =
      textAt(container, 'resources', side, resource) ?? textAt(container, 'resources', 'limits', resource);
    return sum + parseQuantity(given ?? '0');
  }, 0n);
}

export const usedBy = (key: string, pods: readonly KubeObject[]): bigint =>
  pods.reduce((sum, pod) => sum + podUse(key, pod), 0n);

export const amountText = (key: string, use: bigint): string => formatQuantity(use, !key.endsWith('cpu'));

/**
 * 403 for a pod that would take its namespace over a hard limit, in the words of the admission plugin; null when
 * there is room. `pods` are those of the namespace now: the figures in the quota's status come a moment later.
 */
export function quotaRefusal(
  pod: KubeObject | NewObject,
  quotas: readonly KubeObject[],
  pods: readonly KubeObject[],
): ApiError | null {
  for (const quota of quotas) {
    const over = Object.entries(objectAt(quota, 'spec', 'hard')).flatMap(([key, limit]) => {
      const requested = isPodFigure(key) ? podUse(key, pod) : 0n;
      if (requested === 0n) return [];
      const used = usedBy(
        key,
        pods.filter((one) => !isFinished(one)),
      );
      if (used + requested <= parseQuantity(String(limit))) return [];
      return [
        { key, requested: amountText(key, requested), used: amountText(key, used), limit: String(limit) },
      ];
    });
    if (over.length === 0) continue;
    over.sort((a, b) => a.key.localeCompare(b.key));
    const list = (pick: (one: (typeof over)[number]) => string): string =>
      over.map((one) => `${one.key}=${pick(one)}`).join(',');
    const why = `exceeded quota: ${quota.metadata.name}, requested: ${list((one) => one.requested)}, used: ${list((one) => one.used)}, limited: ${list((one) => one.limit)}`;
    return forbidden('pods', pod.metadata.name, why);
  }
  return null;
}
