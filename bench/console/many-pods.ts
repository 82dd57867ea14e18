import { setTimeout as sleep } from 'node:timers/promises';
import { api } from '@/lib/core/paths';
import { type Client, control } from '../clients/client';
import { load } from '../clients/load';
import { pssOfAll, treeOf } from '../report/processes';

export const MANY = 5000;
const where = { cluster: 'us-east-1', namespace: 'fraiseql' };
const WARM_SECONDS = 20;
const SETTLE_SECONDS = 60;
const LOAD_SECONDS = 30;
const SEEN_MS = 60_000;

type Target = { controlUrl: string; webPid: () => number; clients: readonly Client[] };

/** The least of many readings: what stays after collections, which come when the process likes. */
async function settledPss(pid: number, seconds: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < seconds * 2; n++) {
    least = Math.min(least, pssOfAll(treeOf(pid)));
    await sleep(500);
  }
  return least;
}

/**
 * Puts 5,000 pods into a namespace that the web reads, and takes them away again. Growth of the web process in
 * megabytes, and the latencies of the service list while the pods are there.
 */
export async function manyPods({ controlUrl, webPid, clients }: Target) {
  const [client] = clients;
  if (!client) throw new Error('There is no client.');
  const list = api.services('production');
  await load(clients, list, { perSecond: 1, seconds: WARM_SECONDS });
  const before = await settledPss(webPid(), SETTLE_SECONDS / 2);
  try {
    await control(controlUrl, 'POST', '/bulk-pods', { ...where, count: MANY });
    await untilKept(client.base, MANY);
    await load(clients, list, { perSecond: 1, seconds: WARM_SECONDS });
    const after = await settledPss(webPid(), SETTLE_SECONDS);
    const latencies = await load(clients, list, { perSecond: 1, seconds: LOAD_SECONDS });
    return { growthMb: Math.max(0, after - before), latencies };
  } finally {
    await control(controlUrl, 'DELETE', '/bulk-pods', where);
  }
}

/** Waits until the web process says in its own metrics that it keeps that many pods of the cluster. */
async function untilKept(web: string, pods: number): Promise<void> {
  const until = performance.now() + SEEN_MS;
  let kept = 0;
  while (performance.now() < until) {
    const response = await fetch(`${web}/metrics`, { signal: AbortSignal.timeout(10_000) });
    kept = podsIn(await response.text());
    if (kept >= pods) return;
    await sleep(1000);
  }
  throw new Error(
    `The web process keeps ${kept} pods of ${where.cluster} after ${SEEN_MS / 1000} s, not ${pods}.`,
  );
}

const podsIn = (metrics: string): number =>
  metrics
    .split('\n')
    .filter((line) => line.startsWith('signalbox_cluster_objects{'))
    .filter((line) => line.includes(`cluster="${where.cluster}"`) && line.includes('kind="pods"'))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
