import { expect, test } from 'vitest';
import { openCampaign } from './testing/campaign';
import { crashes } from './testing/generate';
import { stagedKinds, tellBehaviour } from './testing/staged-kinds';
import { startStagedSimulation } from './testing/staged-simulation';

/**
 * A migration in maintenance: its Job is created and let run once whatever dies, and requests are answered again in the
 * end. `npm run test:schedules` runs the crashes at its other points, too.
 */
const WANTED = { crashes: 12, mixtures: 4 };
const SEED = 31;
const timeout = 600_000;

/** Requests to a cluster that change something. */
const isOfWrite = (name: string): boolean => /^(after|before) cluster (PATCH|POST)/.test(name);

const campaign = openCampaign({
  start: startStagedSimulation,
  tell: tellBehaviour,
  kinds: stagedKinds.filter(({ name }) => name === 'blue-green with a migration in maintenance'),
});

test('a crash right before or after any write ends in the one right way', { timeout }, async () => {
  const [one] = campaign.all;
  if (one === undefined) throw new Error('There is no such kind.');
  const tally = await campaign.runEach(crashes(one, (_, name) => isOfWrite(name)));
  process.stdout.write(`${one.kind.name}: ${tally.run} of ${one.points.length} points.\n`);
  expect(tally.wrong).toEqual([]);
  expect(tally.run).toBeGreaterThanOrEqual(WANTED.crashes);
});

test('crashes, stops, lost answers and orders in any mixture break no invariant', { timeout }, async () => {
  const tally = await campaign.mixtures(SEED)(WANTED.mixtures);
  expect(tally.wrong).toEqual([]);
  expect(tally.run).toBe(WANTED.mixtures);
});
