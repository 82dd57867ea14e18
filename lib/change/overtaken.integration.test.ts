import { expect, test } from 'vitest';
import { changeNumber } from '@/lib/core/ids';
import { applyMove } from './execute/apply-move';
import { claimChange } from './execute/claim';
import { startChange } from './start-change';
import { abortChange, pauseChange } from './steer-change';
import { executionOf } from './testing/execution';
import { ask, config, db, openVerbWorld, people, sign, stateOf } from './testing/verbs';

openVerbWorld();

const run = (id: string) => executionOf(id, { db, config });
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

test.each([
  ['rollback', 'ERROR', 'Succeeded'],
  ['rollback', 'FAIL', 'Watching'],
  ['deploy', 'ERROR', 'Watching'],
])('a %s whose newest reading is %s is then %s', async (kind, verdict, state) => {
  const id = await ask();
  await watching(id);
  const number = changeNumber(id);
  await db.change.update({ where: { number }, data: { kind } });
  await db.measurement.create({
    data: { changeNumber: number, step: 3, verdict, takenAt: new Date(), query: '', detail: 'So it is.' },
  });
  await applyMove(run(id), { do: 'end', state: 'Succeeded', sentence: 'Done.' });
  expect(await stateOf(id)).toBe(state);
});

test.each([
  ['deploy', 'rollback', 'rollback'],
  ['rollback', 'rollback', 'first'],
  ['deploy', 'deploy', 'first'],
])('of a queued %s and a later %s the %s is taken', async (earlier, later, wanted) => {
  const [first, second] = [await ask(), await ask()];
  for (const [id, kind] of [
    [first, earlier],
    [second, later],
  ] as const) {
    await db.change.update({
      where: { number: changeNumber(id) },
      data: { kind, state: 'Queued', queueExpiresAt: new Date(Date.now() + 3_600_000), dueAt: new Date(0) },
    });
  }
  const claim = await claimChange(db, 'w', 30);
  expect(claim?.number).toBe(changeNumber(wanted === 'first' ? first : second));
  // The other one waits for it.
  expect(await claimChange(db, 'w', 30)).toBeNull();
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
