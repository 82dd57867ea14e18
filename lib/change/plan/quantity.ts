const factors: Record<string, number> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A Kubernetes quantity (`500m`, `2Gi`) as a number; null when it is none. */
export function parseQuantity(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text.trim());
  const factor = factors[match?.[2] ?? ''];
  return match?.[1] === undefined || factor === undefined ? null : Number(match[1]) * factor;
}

/** Pods that a rollout may take away at a time: rounded down; 1 where neither rule lets it move, as Kubernetes does. */
export function awayPods(maxUnavailable: string, maxSurge: string, replicas: number): number {
  const share = /^(\d+)%$/.exec(maxUnavailable);
  const away =
    share?.[1] === undefined ? Number(maxUnavailable) || 0 : Math.floor((Number(share[1]) / 100) * replicas);
  return Math.min(replicas, away === 0 && surgePods(maxSurge, replicas) === 0 ? 1 : away);
}

/** Pods that a rollout may add: an absolute number or a percentage of replicas, rounded up as Kubernetes does. */
export function surgePods(maxSurge: string, replicas: number): number {
  const share = /^(\d+)%$/.exec(maxSurge);
  return share?.[1] === undefined ? Number(maxSurge) || 0 : Math.ceil((Number(share[1]) / 100) * replicas);
}
