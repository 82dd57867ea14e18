import { afterAll, beforeAll, beforeEach } from 'vitest';
import { sequenceAudit } from '@/lib/audit/sequence';
import { type Enumerated, enumerate, randomSchedule, runAll, type Tally } from './generate';
import type { Ground } from './ground';
import type { Kind } from './kinds';
import { seeded } from './random';
import type { Schedule } from './run-schedule';

const BEGIN_MS = 600_000;

export type CampaignOptions<G extends Ground> = {
  start: () => Promise<G>;
  /** Tells the ground how versions behave. */
  tell: (ground: G) => void;
  kinds: readonly Kind[] | ((ground: G) => readonly Kind[]);
};

/**
 * Schedules of a test file on one ground: laid before the first test, with every kind run once without a fault so
 * that its points are known, and taken away after the last.
 */
export function openCampaign<G extends Ground>({ start, tell, kinds }: CampaignOptions<G>) {
  const all: Enumerated[] = [];
  let laid: G | null = null;
  let run = 0;
  let tests = 0;
  const ground = (): G => {
    if (laid === null) throw new Error('The ground is laid before the first test.');
    return laid;
  };
  beforeAll(async () => {
    laid = await start();
    tell(laid);
    for (const kind of typeof kinds === 'function' ? kinds(laid) : kinds)
      all.push(await enumerate(laid, kind));
  }, BEGIN_MS);
  beforeEach(() => {
    tests += 1;
  });
  afterAll(() => laid?.stop());

  const runEach = async (schedules: readonly Schedule[]): Promise<Tally> => {
    // A test that ran out of time is over for the runner alone: without this it would go on beside the next one.
    const mine = tests;
    const tally = await runAll(ground(), schedules, () => tests !== mine);
    // What is staged is read by each schedule: what the ones before it left is not.
    await ground().alone(() => sequenceAudit(ground().db));
    run += tally.run;
    return tally;
  };
  return {
    ground,
    /** Each kind with its points, in the order of `kinds`. */
    all,
    /** How many schedules were run so far, those of a file that counts itself included by `count`. */
    run: () => run,
    count: (more: number) => {
      run += more;
    },
    runEach,
    /** Crashes, stops, faults of messages and orders, the same ones for a seed. */
    mixtures: (seed: number) => {
      const random = seeded(seed);
      return (count: number): Promise<Tally> =>
        runEach(Array.from({ length: count }, () => randomSchedule(random, all)));
    },
  };
}
