import { setTimeout as sleep } from 'node:timers/promises';
import { api } from '@/lib/core/paths';
import { type PodRow, ServiceWorkloads } from '@/lib/service/workloads-contract';
import { type Client, control, get } from '../clients/client';
import { EventStream } from './event-stream';

const SAMPLES = 48;
/** Pages gather events for this long before they fetch (components/shell/live-updates.tsx). */
const GATHER_MS = 80;
const GIVE_UP_MS = 10_000;

const places = ['us-east-1', 'eu-west-1'].flatMap((region) =>
  ['fraiseql-api', 'fraiseql-observers', 'architect-api'].map((service) => ({ region, service })),
);

async function look(client: Client, place: (typeof places)[number]) {
  const path = api.serviceWorkloads(place.service, { environment: 'production', region: place.region });
  const view = ServiceWorkloads.parse((await get(client, path)).body);
  return { ...view, rows: view.pods.state === 'missing' ? [] : view.pods.value };
}

const died = (before: PodRow, after: PodRow | undefined): boolean =>
  after !== undefined && (!after.ready || after.restarts > before.restarts);

/**
 * Kills a container in the cluster, hears the event on a client's stream, waits as long as a page gathers events,
 * and fetches until the answer shows the dead pod. Milliseconds from before the kill to that answer, per sample.
 */
export async function eventLatencies(client: Client, controlUrl: string): Promise<number[]> {
  const stream = new EventStream(client);
  try {
    await stream.next((event) => event.type === 'hello', 0, GIVE_UP_MS);
    const samples: number[] = [];
    for (let turn = 0; samples.length < SAMPLES && turn < SAMPLES * 4; turn++) {
      const place = places[turn % places.length];
      const took = place && (await killOne(client, controlUrl, stream, place));
      if (took !== undefined) samples.push(took);
      // Not in step with anything that beats once a second; pods come back meanwhile.
      await sleep(300 + ((turn * 137) % 500));
    }
    if (samples.length < SAMPLES) throw new Error(`Only ${samples.length} pods were ready to be killed.`);
    return samples;
  } finally {
    stream.close();
  }
}

/** Undefined: no pod of it was ready. */
async function killOne(
  client: Client,
  controlUrl: string,
  stream: EventStream,
  place: (typeof places)[number],
): Promise<number | undefined> {
  const view = await look(client, place);
  const victim = view.rows
    .filter((pod) => pod.ready)
    .toSorted((a, b) => a.restarts - b.restarts || a.name.localeCompare(b.name))[0];
  if (!victim) return undefined;
  const key = `${view.cluster}/${view.namespace}`;
  const startedAt = performance.now();
  const body = { cluster: view.cluster, namespace: view.namespace, name: victim.name };
  await Promise.all([
    control(controlUrl, 'POST', '/pods/kill', body),
    stream.next(
      (event) => event.type === 'changed' && event.topic === 'cluster' && event.key === key,
      startedAt,
      GIVE_UP_MS,
    ),
  ]);
  await sleep(GATHER_MS);
  while (performance.now() - startedAt < GIVE_UP_MS) {
    const after = (await look(client, place)).rows.find(({ name }) => name === victim.name);
    if (died(victim, after)) return performance.now() - startedAt;
  }
  throw new Error(`The death of ${victim.name} was not shown within ${GIVE_UP_MS} ms.`);
}
