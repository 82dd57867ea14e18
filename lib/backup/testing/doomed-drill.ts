import { z } from 'zod';
import { Config } from '@/lib/config/schema';
import { createDatabase } from '@/lib/db/client';
import { carryOutDrills } from '../drill/carry-out';

/** A worker in a process of its own, to be killed while it restores. */
const Told = z.object({ url: z.string(), config: Config, workerId: z.string() });
const { url, config, workerId } = Told.parse(JSON.parse(process.argv[2] ?? '{}'));
await carryOutDrills({
  db: createDatabase(url),
  config,
  actor: { kind: 'worker', id: workerId },
  holder: { workerId, leaseSeconds: 20 },
  signal: new AbortController().signal,
});
process.exit(3);
