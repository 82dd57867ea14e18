import { monotonicMs } from '@/lib/core/time';
import { Recorder } from '@/lib/slo/record/recorder';
import type { Job, WorkerContext } from '../job';

/** A run ends after it, so that the newest counts are read again before older days. */
const backfillMs = 8000;

/** What a recorder has learned is kept for as long as its worker runs. */
const recorders = new WeakMap<WorkerContext, Recorder>();

/** Counts the events of every objective: the newest of each every 15 s, and in between the days before. */
export const recordSlos: Job = {
  name: 'record-slos',
  everySeconds: 3,
  topics: ['connected'],
  run: async (context) => {
    const recorder = recorders.get(context) ?? new Recorder(context);
    recorders.set(context, recorder);
    await recorder.tick(context.signal);
    await recorder.backfill(context.signal, monotonicMs() + backfillMs);
  },
};
