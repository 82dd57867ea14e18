import { expect, test } from 'vitest';
import { changeNumber } from '@/lib/core/ids';
import { applyMove } from './execute/apply-move';
import type { Execution } from './execute/execution';
import { startChange } from './start-change';
import { abortChange, pauseChange } from './steer-change';
import { ask, config, db, openVerbWorld, people, sign, stateOf } from './testing/verbs';

openVerbWorld();

const run = (id: string): Execution => ({
  db,
  config,
  workerId: 'w',
  cluster: () => {
    throw new Error('No cluster is needed here.');
  },
  number: changeNumber(id),
  epoch: 0,
  lease: { mayAct: () => true },
  signal: new AbortController().signal,
  pause: async () => {},
  reached: async () => {},
});
const watching = async (id: string) =>
  db.change.update({ where: { number: changeNumber(id) }, data: { state: 'Watching' } });

test('an abort that came while the end was decided is not lost', async () => {
  const id = await ask();
  await watching(id);
  await abortChange({ actor: people.sre, id, reason: 'It is slow.' }, db);
  await applyMove(run(id), { do: 'end', state: 'Succeeded', sentence: 'Done.' });
  expect(await stateOf(id)).toBe('Watching');
});

test('a pause that came while the end was decided is not lost', async () => {
  const id = await ask();
  await watching(id);
  await pauseChange({ actor: people.sre, id, reason: 'A graph looks odd.' }, db);
  await applyMove(run(id), { do: 'end', state: 'Succeeded', sentence: 'Done.' });
  expect(await stateOf(id)).toBe('Watching');
});

test('without a command the end is written', async () => {
  const id = await ask();
  await watching(id);
  await applyMove(run(id), { do: 'end', state: 'Succeeded', sentence: 'Done.' });
  expect(await stateOf(id)).toBe('Succeeded');
});

test('an approval that has ended cannot be started, also before a worker has swept it', async () => {
  const id = await ask(false);
  await sign(people.engineering, id, 'engineering_lead');
  await sign(people.devops, id, 'devops_lead');
  await db.change.update({
    where: { number: changeNumber(id) },
    data: { queueExpiresAt: new Date(Date.now() - 1000) },
  });
  await expect(startChange({ actor: people.sre, config, id, reason: 'Now.' }, db)).rejects.toThrow(
    /has ended/,
  );
  expect(await stateOf(id)).toBe('Approved');
});
