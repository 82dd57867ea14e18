import { expect, test } from 'vitest';
import { changeId, changeNumber, newId } from '@/lib/core/ids';
import { shiftTime } from '@/scripts/testing/database';
import { person } from '@/worker/testing/people';
import { cancelChange } from './cancel-change';
import { claimChange, releaseClaim } from './execute/claim';
import { expireChanges } from './expire-changes';
import { rejectChange } from './reject-change';
import { abortChange, pauseChange } from './steer-change';
import {
  ask,
  audited,
  config,
  database,
  db,
  hash,
  openVerbWorld,
  people,
  sign,
  stateOf,
} from './testing/verbs';
import { withdrawSignOff } from './withdraw-sign-off';

openVerbWorld();

test('one rejection ends the review', async () => {
  const id = await ask();
  await rejectChange(
    { actor: people.devops, config, id, input: { role: 'devops_lead', planHash: hash, reason: 'Friday.' } },
    db,
  );
  expect(await stateOf(id)).toBe('Rejected');
  await expect(sign(people.engineering, id, 'engineering_lead')).rejects.toThrow(/only a change in review/);
  expect(await audited(id)).toEqual(['change.requested ok', 'change.rejected ok', 'change.signed refused']);
});

test('a sign-off that is taken back opens the review again, and the same person may sign anew', async () => {
  const id = await ask();
  await sign(people.engineering, id, 'engineering_lead');
  await sign(people.devops, id, 'devops_lead');
  await withdrawSignOff({ actor: people.devops, config, id, reason: 'I saw a graph.' }, db);
  expect(await stateOf(id)).toBe('InReview');
  await sign(people.devops, id, 'devops_lead');
  expect(await stateOf(id)).toBe('Queued');
  await expect(withdrawSignOff({ actor: people.sre, config, id, reason: 'x' }, db)).rejects.toThrow(
    /no sign-off/,
  );
});

test('who may cancel, and until when', async () => {
  const id = await ask();
  await expect(
    cancelChange({ actor: people.stakeholder, config, id, reason: 'no' }, db),
  ).rejects.toMatchObject({ code: 'forbidden' });
  await cancelChange({ actor: people.sre, config, id, reason: 'Not today.' }, db);
  expect(await stateOf(id)).toBe('Cancelled');
  await expect(cancelChange({ actor: people.sre, config, id, reason: 'Again.' }, db)).rejects.toThrow(
    /until execution starts/,
  );
  await expect(abortChange({ actor: people.sre, id, reason: 'x' }, db)).rejects.toThrow(/nothing to abort/);
  expect(await audited(id)).toEqual([
    'change.requested ok',
    'change.cancelled refused',
    'change.cancelled ok',
    'change.cancelled refused',
    'change.aborted refused',
  ]);
});

test('steering needs the right, leaves one command and is recorded', async () => {
  const id = await ask();
  const number = changeNumber(id);
  await db.change.update({ where: { number }, data: { state: 'Running' } });
  await expect(pauseChange({ actor: people.stakeholder, id, reason: 'x' }, db)).rejects.toMatchObject({
    code: 'forbidden',
  });
  await pauseChange({ actor: people.devops, id, reason: 'Wait.' }, db);
  await pauseChange({ actor: people.engineering, id, reason: 'Wait too.' }, db);
  await abortChange({ actor: people.engineering, id, reason: 'Back.' }, db);
  const commands = await db.command.findMany({
    where: { changeNumber: number },
    orderBy: { receivedAt: 'asc' },
  });
  expect(commands.map(({ kind, actorName }) => `${kind} ${actorName}`)).toEqual([
    'pause Dara Okafor',
    'abort Ella Lindqvist',
  ]);
});

const ROUNDS = 10;
test('of two last sign-offs at once one approves, and a cancellation beside them leaves one outcome', async () => {
  let rounds = 0;
  for (; rounds < ROUNDS; rounds += 1) {
    const twin = await person(db, `Twin ${newId()}`, ['devops_lead']);
    const id = await ask();
    await sign(people.engineering, id, 'engineering_lead');
    const cancels = rounds % 2 === 1;
    const results = await Promise.allSettled([
      sign(people.devops, id, 'devops_lead'),
      sign(twin, id, 'devops_lead'),
      ...(cancels ? [cancelChange({ actor: people.sre, config, id, reason: 'Stop.' }, db)] : []),
    ]);
    const entries = await audited(id);
    expect(entries.filter((entry) => entry === 'change.approved ok').length).toBeLessThanOrEqual(1);
    expect(await stateOf(id)).toBe(cancels ? 'Cancelled' : 'Queued');
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    expect(
      await db.signOff.count({ where: { changeNumber: changeNumber(id), role: 'devops_lead' } }),
    ).toBeLessThanOrEqual(1);
  }
  expect(rounds).toBe(ROUNDS);
});

test('two workers never claim the same change, and one workload is never claimed twice', async () => {
  const [first, second] = [await ask(), await ask()];
  for (const id of [first, second]) {
    await sign(people.engineering, id, 'engineering_lead');
    await sign(people.devops, id, 'devops_lead');
  }
  const claims = await Promise.all(['a', 'b', 'c', 'd'].map((worker) => claimChange(db, worker, 30)));
  const got = claims.filter((claim) => claim !== null);
  expect(got).toEqual([{ number: changeNumber(first), epoch: 1 }]);
  const holder = ['a', 'b', 'c', 'd'][claims.findIndex((claim) => claim !== null)] ?? '';
  await releaseClaim(db, holder, { number: changeNumber(first), epoch: 1 });
  expect(await claimChange(db, 'e', 30)).toEqual({ number: changeNumber(first), epoch: 2 });
});

test('reviews and queue places end by themselves', async () => {
  const [waiting, queued] = [await ask(), await ask()];
  await sign(people.engineering, queued, 'engineering_lead');
  await sign(people.devops, queued, 'devops_lead');
  expect(await expireChanges(db, config, 'worker')).toBe(0);
  await shiftTime(database.url, 2 * 3_600_000 + 1000);
  expect(await expireChanges(db, config, 'worker')).toBe(1);
  expect([await stateOf(waiting), await stateOf(queued)]).toEqual(['InReview', 'Expired']);
  await shiftTime(database.url, 2 * 3_600_000);
  await expect(sign(people.devops, waiting, 'devops_lead')).rejects.toThrow(/review has expired/);
  expect(await expireChanges(db, config, 'worker')).toBe(1);
  expect(await stateOf(waiting)).toBe('Expired');
  expect(changeId(changeNumber(waiting))).toBe(waiting);
  await shiftTime(database.url, -4 * 3_600_000 - 1000);
});
