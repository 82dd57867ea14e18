import { expect, test } from 'vitest';
import { openCampaign } from './testing/campaign';
import { stagedKinds, tellBehaviour } from './testing/staged-kinds';
import { startStagedSimulation } from './testing/staged-simulation';

/** `npm run test:schedules`: mixtures of staged kinds, in a world of their own beside the crashes. */
const RANDOM = 600;
const BATCH = 50;
const SEED = 26;

const campaign = openCampaign({ start: startStagedSimulation, tell: tellBehaviour, kinds: stagedKinds });

test('crashes, stops, lost answers and orders in any mixture of staged kinds break no invariant', async () => {
  const mixture = campaign.mixtures(SEED);
  for (let done = 0; done < RANDOM; done += BATCH) expect((await mixture(BATCH)).wrong).toEqual([]);
  process.stdout.write(`Staged schedules in a mixture: ${campaign.run()} run, seed ${SEED}.\n`);
  expect(campaign.run()).toBe(RANDOM);
});
