import { setTimeout as sleep } from 'node:timers/promises';
import { config } from '@/lib/config/load';
import { database } from '@/lib/db/client';
import { Recorder } from '@/lib/slo/record/recorder';

/** The recorder in a process of its own, every 3 s as the worker's job, so that it delays nobody's clock. */
const recorder = new Recorder({ db: database(), config: config(), workerId: 'bench' });
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
console.log('The recorder runs.');
while (!stop.signal.aborted) {
  await recorder.tick(stop.signal);
  await sleep(3000, undefined, { signal: stop.signal }).catch(() => undefined);
}
process.exit(0);
