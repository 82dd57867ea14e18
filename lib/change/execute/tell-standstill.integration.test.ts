import { expect, test } from 'vitest';
import { changeNumber } from '@/lib/core/ids';
import { observe } from '../move-change';
import { executionOf } from '../testing/execution';
import { ask, audited, config, db, openVerbWorld } from '../testing/verbs';
import type { Execution } from './execution';
import { tellStandstill } from './tell-standstill';

openVerbWorld();

const run = (id: string, more: Partial<Execution> = {}) => executionOf(id, { db, config, ...more });
const messages = async (id: string) =>
  (await db.outbox.findMany({ where: { event: 'change.stalled' }, orderBy: { id: 'asc' } }))
    .map(({ payload }) => JSON.stringify(payload))
    .filter((payload) => payload.includes(`"${id} `));
const sees = (id: string, kind: 'seen' | 'hold' | 'command', sentence: string) =>
  db.$transaction((tx) => observe(tx, changeNumber(id), 2, kind, sentence));
const PROBLEM = 'us-east-1 answered 503.';
const SENTENCE = `${PROBLEM} The change stands still meanwhile, and goes on by itself.`;

test('fault 18: a cluster that no worker reaches is told to people once, whichever worker gives up', async () => {
  const id = await ask();
  await tellStandstill(run(id), PROBLEM);
  // The next worker finds the same, with other words, and a person pauses meanwhile.
  await db.$transaction((tx) =>
    observe(tx, changeNumber(id), null, 'seen', 'Worker another goes on with the change.'),
  );
  await sees(id, 'hold', 'us-east-1 timed out.');
  await sees(id, 'command', 'Sam paused: it is slow.');
  await tellStandstill(run(id, { workerId: 'another' }), 'us-east-1 timed out.');
  expect(await messages(id)).toEqual([expect.stringContaining(SENTENCE)]);
  expect((await audited(id)).filter((entry) => entry.startsWith('change.stalled'))).toEqual([
    'change.stalled ok',
  ]);
  const log = await db.observation.findMany({ where: { changeNumber: changeNumber(id), kind: 'hold' } });
  expect(log.map(({ sentence }) => sentence)).toContain(SENTENCE);
});

test('once it has answered, the next silence is told anew', async () => {
  const id = await ask();
  await tellStandstill(run(id), PROBLEM);
  await sees(id, 'seen', '1 of 3 pods are ready.');
  await tellStandstill(run(id), PROBLEM);
  await tellStandstill(run(id), PROBLEM);
  expect(await messages(id)).toHaveLength(2);
});

test('a worker that has lost the change tells nothing', async () => {
  const id = await ask();
  await expect(tellStandstill(run(id, { epoch: 7 }), PROBLEM)).rejects.toThrow('Another worker');
  expect(await messages(id)).toEqual([]);
});
