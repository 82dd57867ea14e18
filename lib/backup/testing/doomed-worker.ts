import { z } from 'zod';
import { Config } from '@/lib/config/schema';
import { createDatabase } from '@/lib/db/client';
import { carryOutDrills } from '../drill/carry-out';
import { makeDueCopies } from '../make-copy';
import { loadCopies } from '../restore/load-copies';

/** A worker in a process of its own, to be killed in the middle of its work. */
const works = { copies: makeDueCopies, drills: carryOutDrills, loads: loadCopies };
const Told = z.object({
  work: z.enum(['copies', 'drills', 'loads']),
  url: z.string(),
  config: Config,
  workerId: z.string(),
});
const { work, url, config, workerId } = Told.parse(JSON.parse(process.argv[2] ?? '{}'));
await works[work]({
  db: createDatabase(url),
  config,
  actor: { kind: 'worker', id: workerId },
  holder: { workerId, leaseSeconds: 20 },
  signal: new AbortController().signal,
});
process.exit(3);
