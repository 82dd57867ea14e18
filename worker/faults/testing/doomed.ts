import { once } from 'node:events';
import { Client } from 'pg';
import { z } from 'zod';
import { readClustersAs } from '@/lib/sources/kubernetes/clusters';
import { FaultTable } from '@/sandbox/kubernetes/faults';
import { workerClusters } from '@/worker/clusters';
import { Gate } from './gate';
import { gatedCluster } from './gated-cluster';
import { gatedDatabase } from './gated-database';
import { unhurried } from './ground';
import { live, type Stage } from './schedule';
import { simulatedConfig } from './simulated-config';

/**
 * A worker in a process of its own that kills itself with SIGKILL at one point of a run: nothing of it is unwound,
 * and the server finds out from the broken connections. Its clock is that of the process which started it.
 */
const Told = z.object({
  url: z.string(),
  kubeconfig: z.string(),
  prometheus: z.string(),
  dieAt: z.int(),
  nowMs: z.number(),
});
const told = Told.parse(JSON.parse(process.argv[2] ?? '{}'));
let nowMs = told.nowMs;

readClustersAs('worker');
const config = simulatedConfig(told);
const admin = new Client({ connectionString: told.url });
await admin.connect();
const gate = new Gate();
const client = workerClusters(unhurried(config), () => nowMs).of('us-east-1');
const stage: Stage = {
  admin,
  clock: { now: () => nowMs },
  pace: 1,
  workers: [
    {
      id: 'doomed',
      config,
      database: gatedDatabase(told.url, gate),
      clusters: new Map([['us-east-1', gatedCluster(client, { faults: new FaultTable() }, gate)]]),
      asksThrough: () => {},
    },
  ],
  advance: async (ms) => {
    process.send?.({ ms });
    const [answer] = await once(process, 'message');
    nowMs = z.object({ nowMs: z.number() }).parse(answer).nowMs;
  },
};
const { over } = live(
  stage,
  0,
  {},
  {
    onPoint: (point) => {
      if (point === told.dieAt) process.kill(process.pid, 'SIGKILL');
    },
  },
);
await over;
// It lived to the end: the point was never reached.
process.exit(3);
