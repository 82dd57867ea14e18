import { expect, test } from 'vitest';
import { openCampaign } from './testing/campaign';
import { crashes, isDecisive } from './testing/generate';
import { stagedKinds, tellBehaviour } from './testing/staged-kinds';
import { startStagedSimulation } from './testing/staged-simulation';

/** `npm run test:schedules`: every crash that leaves something else behind, in every staged kind, then mixtures. */
const RANDOM = 600;
const SEED = 26;

const campaign = openCampaign({ start: startStagedSimulation, tell: tellBehaviour, kinds: stagedKinds });
const { all, runEach } = campaign;

test('a crash at every point of every staged kind ends in the one right way', async () => {
  for (const one of all) {
    const tally = await runEach(crashes(one, (_, name) => isDecisive(name)));
    process.stdout.write(`${one.kind.name}: ${tally.run} crash points.\n`);
    expect(tally.wrong).toEqual([]);
    expect(tally.run).toBeGreaterThan(20);
  }
});

test('crashes, stops, lost answers and orders in any mixture of staged kinds break no invariant', async () => {
  const tally = await campaign.mixtures(SEED)(RANDOM);
  process.stdout.write(`Staged schedules in a mixture: ${tally.run} run, seed ${SEED}.\n`);
  expect(tally.wrong).toEqual([]);
  expect(tally.run).toBe(RANDOM);
});
