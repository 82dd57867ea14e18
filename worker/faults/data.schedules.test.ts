import { expect, test } from 'vitest';
import { openCampaign } from './testing/campaign';
import { dataKinds } from './testing/data-kinds';
import { startDataSimulation } from './testing/data-simulation';
import { crashes } from './testing/generate';

/** `npm run test:schedules`: changes of databases, a crash and a stop at every await, then mixtures. */
const RANDOM = 300;
const BATCH = 50;
const SEED = 43;

const campaign = openCampaign({ start: startDataSimulation, tell: () => {}, kinds: dataKinds });
const { all, runEach } = campaign;

test('a crash at every point of every change of a database ends in the one right way', async () => {
  for (const one of all) {
    const tally = await runEach(crashes(one));
    process.stdout.write(`${one.kind.name}: ${tally.run} crash points, ${tally.crashed} crashes.\n`);
    expect(tally.wrong).toEqual([]);
    expect(tally.run).toBe(one.points.length);
  }
});

test('a worker that stands still at every point while another one takes over breaks nothing', async () => {
  for (const one of all) {
    const tally = await runEach(one.points.map((_, index) => ({ ...one, lives: [{ stopAt: index + 1 }] })));
    process.stdout.write(`${one.kind.name}: stopped at ${tally.crashed} points.\n`);
    expect(tally.wrong).toEqual([]);
  }
});

test('crashes, stops, lost answers and orders in any mixture break no invariant', async () => {
  const mixture = campaign.mixtures(SEED);
  const before = campaign.run();
  for (let done = 0; done < RANDOM; done += BATCH) expect((await mixture(BATCH)).wrong).toEqual([]);
  process.stdout.write(`Schedules of databases: ${campaign.run()} run, seed ${SEED}.\n`);
  expect(campaign.run() - before).toBe(RANDOM);
});
