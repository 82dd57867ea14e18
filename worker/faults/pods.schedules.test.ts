import { expect, test } from 'vitest';
import { openCampaign } from './testing/campaign';
import { type Enumerated, isDecisive, leavesMark } from './testing/generate';
import type { Schedule } from './testing/run-schedule';
import { byPods, tellBehaviour } from './testing/staged-kinds';
import { startStagedSimulation } from './testing/staged-simulation';

/**
 * `npm run test:schedules`: changes whose share is that of the pods, so that two Deployments are written one after the
 * other: aborts at every pause, a second worker beside one that stands still, and mixtures of their own. Their crashes
 * are in staged.schedules.test.ts.
 */
const RANDOM = 150;
const BATCH = 50;
const SEED = 31;

const campaign = openCampaign({ start: startStagedSimulation, tell: tellBehaviour, kinds: byPods });

/** What `make` gives for each point of a name, in one batch a kind. */
async function runOver(
  what: string,
  isWanted: (name: string) => boolean,
  make: (one: Enumerated, point: number, nth: number) => Partial<Schedule>,
): Promise<void> {
  for (const one of campaign.all) {
    const points = one.points.flatMap((name, index) => (isWanted(name) ? [index + 1] : []));
    const { kind, prepared } = one;
    const tally = await campaign.runEach(
      points.map((point, index) => ({ kind, prepared, lives: [], ...make(one, point, index + 1) })),
    );
    process.stdout.write(`${kind.name}: ${tally.run} ${what}.\n`);
    expect(tally.wrong).toEqual([]);
    expect(tally.run).toBe(points.length);
    expect(tally.run).toBeGreaterThan(0);
  }
}

test('an abort at any pause of a change by pods brings the old pods back before the new ones go', async () => {
  await runOver(
    'aborts',
    (name) => name === 'after clock pause',
    (_, __, pause) => ({ orders: [{ pause, order: 'abort' }] }),
  );
});

test('a worker that stands still while another one goes on by pods does nothing twice', async () => {
  await runOver('stops', isDecisive, (_, stopAt) => ({ lives: [{ stopAt }] }));
});

test('an abort while a worker stands between two Deployments ends in the one right way', async () => {
  await runOver('stops with an abort meanwhile', leavesMark, (_, stopAt) => ({
    lives: [{ stopAt }],
    whileStanding: 'abort',
  }));
});

test('crashes, stops, lost answers and orders in any mixture of changes by pods break no invariant', async () => {
  const mixture = campaign.mixtures(SEED);
  const from = campaign.run();
  for (let done = 0; done < RANDOM; done += BATCH) expect((await mixture(BATCH)).wrong).toEqual([]);
  process.stdout.write(
    `Schedules by pods: ${campaign.run()} run, ${RANDOM} of them a mixture of seed ${SEED}.\n`,
  );
  expect(campaign.run() - from).toBe(RANDOM);
});
