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
import { Gate } from './gate';
import { gatedCluster } from './gated-cluster';
import { gatedDatabase } from './gated-database';
import { seeded } from './random';

type Served = { url: string; stop: () => Promise<unknown> };
type Stores = ReadonlyMap<string, Store>;

export type GroundOptions<P extends Served> = {
  clusters: readonly ClusterId[];
  /** `asked` is to be awaited before a question is answered; when it throws, the connection breaks. */
  prometheus: (asked: () => Promise<void>, stores: Stores) => Promise<P>;
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
  let atPrometheus: Gate | null = null;
  const prometheus = await options.prometheus(
    async () => {
      await atPrometheus?.pass('metrics', 'query', async () => {});
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
  const clients = workerClusters(config, () => clock.now());
  const open = new Gate();
  const workers = ['w-1', 'w-2', 'w-3'].map((id) => ({
    id,
    database: gatedDatabase(database.url, open),
    clusters: new Map(
      [...clusters].map(([name, cluster]) => [name, gatedCluster(clients.of(name), cluster, open)]),
    ),
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
    advance,
    pace: options.pace ?? 1,
    /** Whose questions to Prometheus are points now. */
    askedBy: (gate: Gate | null) => {
      atPrometheus = gate;
    },
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

/** What a schedule needs of the world, whatever stands in it. */
export type Ground = Omit<Awaited<ReturnType<typeof startGround>>, 'prometheus'> & {
  prometheus: Served;
  /** All objects as they were at first, without our marks, and their pods again. */
  reset: () => Promise<void>;
};
