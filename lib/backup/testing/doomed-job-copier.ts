import { z } from 'zod';
import { copyJobs } from '@/lib/actuators/kubernetes/copy-jobs';
import { Config } from '@/lib/config/schema';
import { createDatabase } from '@/lib/db/client';
import { clientOf } from '../job/testing/client';
import { makeDueCopies } from '../make-copy';

/** A worker in a process of its own, to be killed while its Job dumps. */
const Told = z.object({ url: z.string(), config: Config, workerId: z.string(), kubeconfig: z.string() });
const { url, config, workerId, kubeconfig } = Told.parse(JSON.parse(process.argv[2] ?? '{}'));
const client = clientOf(kubeconfig);
await makeDueCopies({
  db: createDatabase(url),
  config,
  actor: { kind: 'worker', id: workerId },
  holder: { workerId, leaseSeconds: 20 },
  signal: new AbortController().signal,
  jobs: (_, onBehalfOf) => copyJobs(client, onBehalfOf),
  jobPollMs: 100,
});
process.exit(3);
