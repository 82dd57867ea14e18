import { expect, test } from 'vitest';
import { openCampaign } from './testing/campaign';
import { crashes, isDecisive } from './testing/generate';
import { restoreKinds } from './testing/restore-kinds';
import { startRestoreSimulation } from './testing/restore-simulation';

/** `npm run test:schedules`: restores, every crash that leaves something else behind, every stop at the server, then mixtures. */
const RANDOM = 100;
const SEED = 47;
/** Where a connection is made, something is done, or becomes so. */
const isAtServer = /^before served (connect|act|commit)/;

const campaign = openCampaign({ start: startRestoreSimulation, tell: () => {}, kinds: restoreKinds });
const { all, runEach } = campaign;

test('a crash or a stop at every point of a restore ends in the one right way', async () => {
  for (const one of all) {
    const crashed = await runEach(crashes(one, (_, name) => isDecisive(name)));
    process.stdout.write(`${one.kind.name}: ${crashed.run} crash points stand for ${one.points.length}.\n`);
    expect(crashed.wrong).toEqual([]);
    const stops = one.points.flatMap((name, index) => (isAtServer.test(name) ? [index + 1] : []));
    const stopped = await runEach(stops.map((stopAt) => ({ ...one, lives: [{ stopAt }] })));
    process.stdout.write(`${one.kind.name}: stopped at ${stopped.crashed} points.\n`);
    expect(stopped.wrong).toEqual([]);
  }
});

test('crashes, stops, lost answers and orders in any mixture break no invariant', async () => {
  const tally = await campaign.mixtures(SEED)(RANDOM);
  process.stdout.write(`Restores in a mixture: ${tally.run} run, seed ${SEED}.\n`);
  expect(tally.wrong).toEqual([]);
});
