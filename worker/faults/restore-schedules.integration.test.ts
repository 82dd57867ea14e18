import { expect, test } from 'vitest';
import { openCampaign } from './testing/campaign';
import { crashes, type Enumerated } from './testing/generate';
import { restoreKinds } from './testing/restore-kinds';
import { startRestoreSimulation } from './testing/restore-simulation';

/**
 * Restores over a real PostgreSQL 15, where databases are made, closed, exchanged and opened; `npm run test:schedules`
 * runs the crashes at every point.
 */
const WANTED = { crashes: 6, stops: 5 };
const timeout = 900_000;

const campaign = openCampaign({ start: startRestoreSimulation, tell: () => {}, kinds: restoreKinds });

const restore = (): Enumerated => {
  const [one] = campaign.all;
  if (one === undefined) throw new Error('There is no restore.');
  return one;
};

/** Points at which a connection is made that ends in an act. */
function beforeActs({ points }: Enumerated): number[] {
  const acts = points.flatMap((name, index) => (name.startsWith('before served act') ? [index] : []));
  return [...new Set(acts.map((act) => points.lastIndexOf('before served connect', act) + 1))];
}

test('a crash right after what an act leaves at the server ends in the one right way', {
  timeout,
}, async () => {
  // What a transaction has done is there when it is committed.
  const left = /^after served act (?!comment)/;
  const tally = await campaign.runEach(crashes(restore(), (_, name) => left.test(name)));
  process.stdout.write(`restore: ${tally.run} of ${restore().points.length} points.\n`);
  expect(tally.wrong).toEqual([]);
  expect(tally.run).toBeGreaterThanOrEqual(WANTED.crashes);
});

test('a worker that stands still before any act changes nothing when it comes after an abort', {
  timeout,
}, async () => {
  const stops = beforeActs(restore());
  expect(stops.length).toBeGreaterThanOrEqual(WANTED.stops);
  const aborted = stops.map((stopAt) => ({
    ...restore(),
    lives: [{ stopAt }],
    whileStanding: 'abort' as const,
  }));
  expect((await campaign.runEach(aborted)).wrong).toEqual([]);
});
