import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import type { Config } from '@/lib/config/schema';
import { type Cluster, startCluster } from '@/sandbox/kubernetes/cluster';
import { VirtualClock } from '@/sandbox/kubernetes/controllers/clock';
import { defaultBehaviour, imageOf, type PodOutcome } from '@/sandbox/kubernetes/controllers/pod-behaviour';
import { startControllers } from '@/sandbox/kubernetes/controllers/start';
import { writeKubeconfig } from '@/sandbox/kubernetes/kubeconfig';
import type { Store } from '@/sandbox/kubernetes/store';
import { type ClusterId, versionOfImage } from '@/sandbox/topology';
import { testDatabase } from '@/scripts/testing/database';
import { workerClusters } from '@/worker/clusters';
import { team } from '@/worker/testing/people';
import type { Asked } from '@/worker/testing/prometheus';
import { Gate } from './gate';
import { gatedCluster } from './gated-cluster';
import { gatedDatabase } from './gated-database';
import type { GatedPostgres } from './gated-postgres';
import { oneAtATime } from './one-at-a-time';
import { seeded } from './random';

export const workerIds: readonly string[] = ['w-1', 'w-2', 'w-3'];

/** The time-out of a call is that of its cluster alone. */
export const unhurried = (config: Config): Config => ({
  ...config,
  timing: { ...config.timing, callTimeout: Number.POSITIVE_INFINITY },
});

type Served = { url: string; stop: () => Promise<unknown> };
type Stores = ReadonlyMap<string, Store>;

export type GroundOptions<P extends Served> = {
  clusters: readonly ClusterId[];
  prometheus: (asked: Asked, stores: Stores) => Promise<P>;
  /** Of a worker, by the address at which its questions to Prometheus are known as its own, or of everybody else. */
  config: (at: { kubeconfig: string; prometheus: string }) => Config;
  /** What there is in a cluster before its controllers have looked at it. */
  seed: (store: Store, cluster: ClusterId, nowMs: number) => void;
  /** How many times longer than it asks for each pause of the engine takes, as on a machine that is slow: fewer looks. */
  pace?: number;
};

/**
 * Everything around a worker, with one clock that moves only when told to: PostgreSQL is real and app.now() reads
 * the clock; the API servers are real HTTP and their controllers run on the clock; pauses of the engine move it.
 */
export async function startGround<P extends Served>(options: GroundOptions<P>) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'schedules-'));
  const clock = new VirtualClock(Date.now());
  const database = await testDatabase();
  const admin = new Client({ connectionString: database.url });
  await admin.connect();
  await admin.query(`
    CREATE TABLE app.virtual_time (at timestamptz NOT NULL);
    INSERT INTO app.virtual_time VALUES (to_timestamp(${clock.now() / 1000}));
    CREATE OR REPLACE FUNCTION app.now() RETURNS timestamptz LANGUAGE sql VOLATILE
      AS 'SELECT at FROM app.virtual_time';`);
  const clusters = new Map<string, Cluster>();
  for (const id of options.clusters) {
    const dataDir = path.join(folder, id);
    clusters.set(id, await startCluster({ id, port: 0, dataDir, now: () => clock.now() }));
  }
  const clusterOf = (id: string): Cluster => {
    const found = clusters.get(id);
    if (found === undefined) throw new Error(`There is no cluster ${id}.`);
    return found;
  };
  /** Whose process each worker is now; nobody's questions pass a gate before its first life. */
  const gates = new Map<string, Gate>();
  const prometheus = await options.prometheus(
    (asked, answer) => {
      const gate = gates.get(asked.split('/')[1] ?? '');
      return gate === undefined ? answer() : gate.pass('metrics', 'query', answer);
    },
    new Map([...clusters].map(([id, { store }]) => [id, store])),
  );
  /** How pods fare, by version; well when absent. */
  const outcomes = new Map<string, PodOutcome>();
  const controllers = [...clusters.values()].map(({ store }) =>
    startControllers(store, {
      clock,
      random: seeded(7),
      nodes: ['node-a'],
      pods: {
        ...defaultBehaviour,
        startSeconds: () => 0.05,
        readySeconds: () => 0.05,
        terminationSeconds: () => 0.05,
        outcome: (pod) => outcomes.get(versionOfImage(imageOf(pod))) ?? 'ok',
      },
    }),
  );
  for (const id of options.clusters) options.seed(clusterOf(id).store, id, clock.now());
  const kubeconfig = path.join(folder, 'worker.yaml');
  await writeKubeconfig(kubeconfig, [...clusters.values()], 'signalbox-worker');
  const config = options.config({ kubeconfig, prometheus: prometheus.url });
  const clients = workerClusters(unhurried(config), () => clock.now());
  const open = new Gate();
  const workers = workerIds.map((id) => ({
    id,
    config: options.config({ kubeconfig, prometheus: `${prometheus.url}/${id}` }),
    database: gatedDatabase(database.url, open),
    clusters: new Map(
      [...clusters].map(([name, cluster]) => [name, gatedCluster(clients.of(name), cluster, open)]),
    ),
    /** Its questions to Prometheus pass this gate from now on. */
    asksThrough: (gate: Gate) => {
      gates.set(id, gate);
    },
  }));
  const free = gatedDatabase(database.url, open).db;
  const advance = async (ms: number): Promise<void> => {
    // Whole milliseconds: the audit log has no finer ones.
    clock.advance(Math.ceil(ms));
    await admin.query('UPDATE app.virtual_time SET at = to_timestamp($1)', [clock.now() / 1000]);
  };
  await advance(20_000);
  return {
    admin,
    url: database.url,
    db: free,
    folder,
    kubeconfig,
    clock,
    clusters,
    clusterOf,
    config,
    prometheus,
    outcomes,
    people: await team(free),
    workers,
    clientOf: (id: string) => clients.of(id),
    gateOf: (worker: string) => gates.get(worker),
    advance,
    pace: options.pace ?? 1,
    /** One schedule at a time. */
    alone: oneAtATime(),
    stop: async () => {
      for (const each of controllers) each.stop();
      await Promise.all([free.$disconnect(), ...workers.map((one) => one.database.db.$disconnect())]);
      await admin.end();
      await clients.close();
      await Promise.all([...[...clusters.values()].map((one) => one.stop()), prometheus.stop()]);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Laid = Awaited<ReturnType<typeof startGround>>;
/** `served`: what stands between it and the database of the service, where there is one. */
export type GroundWorker = Laid['workers'][number] & { served?: GatedPostgres | undefined };

/** What a schedule needs of the world, whatever stands in it. */
export type Ground = Omit<Laid, 'prometheus' | 'workers'> & {
  workers: readonly GroundWorker[];
  prometheus: Served;
  /** All objects as they were at first, without our marks, and their pods again. */
  reset: () => Promise<void>;
};
