import { expect, test } from 'vitest';
import type { Person } from '@/lib/access/model';
import { changeNumber } from '@/lib/core/ids';
import type { DeployPlan } from './contract';
import { planHash } from './plan/plan-hash';
import { rejectChange } from './reject-change';
import { requestChange } from './request-change';
import { signChange } from './sign-change';
import { startChange } from './start-change';
import { restoreData } from './testing/restore';
import { audited, config, db, openVerbWorld, people, plan, planned, reason, stateOf } from './testing/verbs';

openVerbWorld();

const restore: DeployPlan = {
  ...plan,
  kind: 'restore',
  effect: { what: 'Shop', from: 'the data of now', to: 'the data of 02:10' },
  data: restoreData,
};
const hash = planHash(restore);

const ask = async (confirmedName?: string, runWhenApproved = true): Promise<string> => {
  const planId = await planned(people.sre, { plan: restore, planHash: hash });
  const input = { planId, planHash: hash, reason, runWhenApproved, confirmedName };
  return (await requestChange({ actor: people.sre, config, input }, db)).id;
};
const sign = (actor: Person, id: string, role: 'engineering_lead' | 'devops_lead', confirmedName?: string) =>
  signChange({ actor, config, id, input: { role, planHash: hash, confirmedName } }, db);

test.each([
  [undefined, /Type the name of the service first: fraiseql-api/],
  ['fraiseql-observers', /is not the name of the service: fraiseql-api/],
])('a restore is not asked for with %j typed, and that is recorded', async (typed, words) => {
  const before = await db.change.count();
  await expect(ask(typed)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(words),
  });
  expect(await db.change.count()).toBe(before);
  const entries = (await db.auditStaged.findMany({ orderBy: { n: 'desc' }, take: 1 })).map(({ body }) =>
    JSON.parse(body),
  );
  expect(entries).toMatchObject([{ action: 'change.requested', result: 'refused' }]);
});

test('each signer types the name, who rejects does not', async () => {
  const id = await ask('fraiseql-api');
  await expect(sign(people.engineering, id, 'engineering_lead')).rejects.toMatchObject({ code: 'invalid' });
  await expect(sign(people.engineering, id, 'engineering_lead', 'fraiseql')).rejects.toThrow(
    /is not the name of the service/,
  );
  expect(await db.signOff.count({ where: { changeNumber: changeNumber(id) } })).toBe(0);
  await sign(people.engineering, id, 'engineering_lead', 'fraiseql-api');
  expect(await audited(id)).toEqual([
    'change.requested ok',
    'change.signed refused',
    'change.signed refused',
    'change.signed ok',
  ]);
  const input = { role: 'devops_lead', planHash: hash, reason: 'Not today.' } as const;
  await rejectChange({ actor: people.devops, config, id, input }, db);
  expect(await stateOf(id)).toBe('Rejected');
});

test('who starts it by hand types the name too', async () => {
  const id = await ask('fraiseql-api', false);
  await sign(people.engineering, id, 'engineering_lead', 'fraiseql-api');
  await sign(people.devops, id, 'devops_lead', 'fraiseql-api');
  const start = { actor: people.sre, config, id, reason: 'Now.' };
  await expect(startChange(start, db)).rejects.toMatchObject({ code: 'invalid' });
  expect(await stateOf(id)).toBe('Approved');
  await startChange({ ...start, confirmedName: 'fraiseql-api' }, db);
  expect(await stateOf(id)).toBe('Queued');
  expect((await audited(id)).slice(-2)).toEqual(['change.queued refused', 'change.queued ok']);
});
