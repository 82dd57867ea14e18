import { expect, test } from 'vitest';
import { openCampaign } from './testing/campaign';
import { crashes, isDecisive } from './testing/generate';
import { stagedKinds, tellBehaviour } from './testing/staged-kinds';
import { startStagedSimulation } from './testing/staged-simulation';

/** `npm run test:schedules`: every crash that leaves something else behind, in every staged kind. */
const campaign = openCampaign({ start: startStagedSimulation, tell: tellBehaviour, kinds: stagedKinds });

test('a crash at every point of every staged kind ends in the one right way', async () => {
  for (const one of campaign.all) {
    const tally = await campaign.runEach(crashes(one, (_, name) => isDecisive(name)));
    process.stdout.write(
      `${one.kind.name}: ${tally.run} crash points stand for its ${one.points.length}; ${tally.crashed} crashes.\n`,
    );
    expect(tally.wrong).toEqual([]);
    expect(tally.run).toBeGreaterThan(20);
  }
});
