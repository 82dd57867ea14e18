import { afterEach, expect, test } from 'vitest';
import { HistoryView } from '@/lib/change/history/contract';
import { measuresView } from '@/lib/change/history/measures-view';
import { readRecord } from '@/lib/change/history/read-record';
import { ChangeRecord } from '@/lib/change/history/record-contract';
import { recordFile } from '@/lib/change/history/record-file';
import { historyView } from '@/lib/change/history/view';
import { abortChange } from '@/lib/change/steer-change';
import { closeClusters } from '@/lib/sources/kubernetes/clusters';
import { eachInWorld, world } from './testing/fixture';
import { type Ask, reaches, requested, signed, status, until } from './testing/world';

eachInWorld({ minReadySeconds: 1 });
afterEach(closeClusters);

const history = async () =>
  HistoryView.parse(await historyView(world.config, { service: 'fraiseql-api' }, world.db));
/** What the watch of the cluster shows at the one place, once it has caught up. */
async function running(version: string) {
  const seen = async () => {
    const [place] = (await history()).places;
    return place?.running.state === 'fresh' ? place.running.value : [];
  };
  await until(`only ${version} is seen to run`, async () => {
    const versions = await seen();
    return versions.length === 1 && versions[0]?.version === version && versions[0].ready === 3;
  });
  return (await seen())[0];
}
async function begun(ask: Ask): Promise<string> {
  const id = await requested(world, ask);
  await signed(world, id);
  return id;
}
const counts = async () =>
  (await measuresView(world.config, { service: 'fraiseql-api', days: '30' }, world.db)).counts;

test('what was carried out is what runs, what is counted, and what the record holds', async () => {
  expect(await running('1.8.0')).toMatchObject({
    by: null,
    unexplained: 'No change that is recorded here set it.',
  });
  const id = await begun('2.0.0');
  await reaches(world, id, 'Succeeded', 'BackedOut', 'Failed');
  expect(await running('2.0.0')).toMatchObject({
    pods: 3,
    by: { id, requesterName: 'Sam Reyes', isRunning: false },
    unexplained: null,
  });
  expect(await counts()).toMatchObject({ deployments: 1, succeeded: 1, open: 0 });
  await until('its entries have their places', async () => {
    const { audit } = await readRecord(world.config, id, world.db);
    return audit.waiting === 0 && audit.entries.some(({ action }) => action === 'change.succeeded');
  });
  const record = ChangeRecord.parse(await readRecord(world.config, id, world.db));
  expect(record).toMatchObject({
    outcome: 'succeeded',
    from: { version: '1.8.0' },
    to: { version: '2.0.0' },
    planHashFits: true,
    writes: [{ verb: 'apply', result: 'applied', onBehalfOf: expect.stringContaining('sam.reyes') }],
    // Nothing was recorded of its objective: that is not for nothing.
    cost: { state: 'not-counted', lines: [] },
  });
  expect(record.signOffs.map(({ role, decision }) => `${role} ${decision}`).toSorted()).toEqual([
    'devops_lead approved',
    'engineering_lead approved',
  ]);
  expect(record.steps.every(({ state }) => state === 'done')).toBe(true);
  const text = await recordFile(record, 'text').text();
  for (const { sentence } of record.log) expect(text).toContain(sentence.slice(0, 12));
});

test('one that was aborted is a failed deployment, and what ran before runs by nobody’s change', async () => {
  const id = await begun('2.0.0');
  await until('it is written', () => status(world.cluster.store).version === '2.0.0');
  await abortChange({ actor: world.people.engineering, id, reason: 'Customers report errors.' }, world.db);
  await reaches(world, id, 'BackedOut', 'Succeeded', 'Failed');
  expect(await running('1.8.0')).toMatchObject({ by: null });
  expect(await counts()).toMatchObject({ deployments: 1, backedOut: 1, succeeded: 0 });
  const record = await readRecord(world.config, id, world.db);
  expect(record.writes.map(({ verb }) => verb)).toEqual(['apply', 'restore']);
  expect(record.commands).toMatchObject([{ kind: 'abort', reason: 'Customers report errors.' }]);
  expect(record.review).toMatchObject({ at: null, by: null });
});
