import { expect, test } from 'vitest';
import { openCampaign } from './testing/campaign';
import { crashes, leavesMark } from './testing/generate';
import { runSchedule } from './testing/run-schedule';
import { byPods, stagedKinds, tellBehaviour } from './testing/staged-kinds';
import { startStagedSimulation } from './testing/staged-simulation';

/** Changes in several steps, every second crash that leaves a mark; `npm run test:schedules` runs all, of every kind. */
const WANTED = { crashes: 40, random: 10 };
const SEED = 23;
const timeout = 600_000;

/** One by pods stands for the others here: pods.schedules.test.ts has them all. */
const kinds = stagedKinds.filter((kind) => !byPods.includes(kind) || kind.name === 'gradual by pods');
const campaign = openCampaign({ start: startStagedSimulation, tell: tellBehaviour, kinds });
const { all, ground, runEach } = campaign;

test('a crash at any point of a canary and of a blue-green ends in the one right way', {
  timeout,
}, async () => {
  let crashed = 0;
  for (const one of all.slice(0, 2)) {
    const schedules = crashes(one, (_, name) => leavesMark(name)).filter((_, index) => index % 2 === 0);
    const tally = await runEach(schedules);
    expect(tally.wrong).toEqual([]);
    process.stdout.write(
      `${one.kind.name}: ${tally.run} crashes, every second of those that stand for its ${one.points.length} points.\n`,
    );
    expect(tally.run).toBe(schedules.length);
    crashed += tally.crashed;
  }
  const run = campaign.run();
  expect(run).toBeGreaterThanOrEqual(WANTED.crashes);
  // A run that is quicker than the enumerated one may end before the point is reached.
  expect(crashed).toBeGreaterThanOrEqual(0.9 * run);
});

test('crashes, stops, lost answers and orders in any mixture break no invariant', { timeout }, async () => {
  expect((await campaign.mixtures(SEED)(WANTED.random)).wrong).toEqual([]);
  const run = campaign.run();
  process.stdout.write(`Staged schedules: ${run} run, seed ${SEED}.\n`);
  expect(run).toBeGreaterThanOrEqual(WANTED.crashes + WANTED.random);
});

test('the checker misses the measurement that an advance of weights needs', { timeout }, async () => {
  const canary = all.find(({ kind }) => kind.name === 'canary over an HTTPRoute');
  if (canary === undefined) throw new Error('There is no canary.');
  const { violations } = await runSchedule(ground(), {
    ...canary,
    lives: [],
    hides: (body) => body.includes('"change.measured"'),
  });
  // From 5 to 25 %, and from there to all.
  expect(violations.map(({ invariant }) => invariant)).toEqual(['I4', 'I4']);
});
