import { createServer } from 'node:http';
import { z } from 'zod';
import type { Store } from '@/sandbox/kubernetes/store';
import { appServices } from '@/sandbox/topology';
import { isInMaintenance } from '@/sandbox/topology/maintenance';
import { routesOf } from '@/sandbox/workload/routing';
import { type Asked, outOf } from './prometheus';

/** How a version answers: the share of its requests that fail; `silent` has no series. */
export type Behaviour = number | 'silent';

export type TrafficPrometheus = {
  url: string;
  /** What it says of itself: `up`, `down` (breaks connections), `failing` (503) or `stale` (old samples). */
  health: 'up' | 'down' | 'failing' | 'stale';
  behave: (version: string, behaviour: Behaviour) => void;
  stop: () => Promise<void>;
};

const PER_SECOND = 2000;

/**
 * Answers instant queries as if each service had 2000 requests a second that follow the routers and endpoints of its
 * cluster at this moment, whatever the window: what a Prometheus would say once a window has passed.
 */
export async function trafficPrometheus(
  stores: ReadonlyMap<string, Store>,
  asked: Asked = (_, answer) => answer(),
): Promise<TrafficPrometheus> {
  const behaviours = new Map<string, Behaviour>();
  const state = { health: 'up' as TrafficPrometheus['health'] };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const query = new URLSearchParams(Buffer.concat(chunks).toString()).get('query') ?? '';
      const send = () => {
        if (state.health === 'down') {
          response.destroy();
          return;
        }
        if (state.health === 'failing') {
          response.writeHead(503).end('Service Unavailable');
          return;
        }
        const result = partsOf(query).flatMap(({ part, text }) => {
          const value = answer(stores, behaviours, text, state.health);
          const metric = part === null ? {} : { signalbox_part: part };
          return value === null ? [] : [{ metric, value: [Date.now() / 1000, String(value)] }];
        });
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
      };
      await asked(request.url ?? '', () => outOf(response, send)).catch(() => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    get health() {
      return state.health;
    },
    set health(health) {
      state.health = health;
    },
    behave: (version, behaviour) => behaviours.set(version, behaviour),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** The questions that one query holds, each under its name; a plain query is one without a name. */
function partsOf(query: string): { part: string | null; text: string }[] {
  const parts: { part: string | null; text: string }[] = [];
  let from = 0;
  for (const match of query.matchAll(/, "signalbox_part", "(\w+)", "", ""\)/g)) {
    parts.push({ part: match[1] ?? null, text: query.slice(from, match.index) });
    from = match.index + match[0].length;
  }
  return parts.length === 0 ? [{ part: null, text: query }] : parts;
}

function answer(
  stores: ReadonlyMap<string, Store>,
  behaviours: ReadonlyMap<string, Behaviour>,
  text: string,
  health: TrafficPrometheus['health'],
): number | null {
  const label = (name: string) => new RegExp(`${name}="([^"]+)"`).exec(text)?.[1];
  const store = stores.get(label('region') ?? '');
  const service = appServices.find(({ id }) => id === label('service'));
  if (store === undefined || service === undefined) return null;
  const version = label('version');
  const pods = /pod=~"([^"]+)"/.exec(text)?.[1];
  const asked = podShares(store, service.namespaces.production, service.id).filter(
    (pod) =>
      (version === undefined || pod.version === version) &&
      (pods === undefined || new RegExp(`^(?:${pods})$`).test(pod.name)),
  );
  const share = version === undefined ? 1 : asked.reduce((sum, pod) => sum + pod.share, 0);
  const refused = isInMaintenance(store, service.namespaces.production, service.id);
  const own = version === undefined ? 0 : (behaviours.get(version) ?? 0);
  const behaviour = refused && own !== 'silent' ? 1 : own;
  if (behaviour === 'silent' || share === 0) return null;
  if (text.includes('time()')) return health === 'stale' ? 900 : 0;
  if (text.includes('count(count')) return version === undefined ? null : asked.length;
  const seconds = Number(/\[(\d+)s\]/.exec(text)?.[1] ?? 1);
  const total = PER_SECOND * seconds * share;
  return /5\.\.|failed|errors/.test(text) ? total * behaviour : total;
}

/** Where the requests of a service go at this moment: the part of each pod that has one. */
function podShares(store: Store, namespace: string, service: string) {
  const rule = routesOf(store, namespace, service).rules.find(({ matches }) => matches({}));
  const destinations = (rule?.destinations ?? []).filter(({ weight, pods }) => weight > 0 && pods.length > 0);
  const all = destinations.reduce((sum, { weight }) => sum + weight, 0);
  return destinations.flatMap(({ weight, pods }) =>
    pods.map(({ name, version }) => ({ name, version, share: weight / all / pods.length })),
  );
}
