import { expect, test } from 'vitest';
import { changeNumber, newId } from '@/lib/core/ids';
import { testConfig } from '@/worker/testing/config';
import { person } from '@/worker/testing/people';
import { planHash } from './plan/plan-hash';
import { requestChange } from './request-change';
import { signChange } from './sign-change';
import { startChange } from './start-change';
import {
  ask,
  audited,
  config,
  db,
  hash,
  openVerbWorld,
  people,
  plan,
  planned,
  reason,
  sign,
  stateOf,
} from './testing/verbs';

openVerbWorld();

test('the last sign-off approves and queues; both moves are recorded', async () => {
  const id = await ask();
  await sign(people.engineering, id, 'engineering_lead');
  expect(await stateOf(id)).toBe('InReview');
  await sign(people.devops, id, 'devops_lead');
  expect(await stateOf(id)).toBe('Queued');
  expect((await audited(id)).slice(1)).toEqual([
    'change.signed ok',
    'change.signed ok',
    'change.approved ok',
    'change.queued ok',
  ]);
});

test('without "run when approved" it waits for a start', async () => {
  const id = await ask(false);
  await sign(people.engineering, id, 'engineering_lead');
  await expect(startChange({ actor: people.sre, config, id, reason: 'Now.' }, db)).rejects.toThrow(
    /only an approved/,
  );
  await sign(people.devops, id, 'devops_lead');
  expect(await stateOf(id)).toBe('Approved');
  await expect(
    startChange({ actor: people.stakeholder, config, id, reason: 'Now.' }, db),
  ).rejects.toMatchObject({ code: 'forbidden' });
  await startChange({ actor: people.sre, config, id, reason: 'Now.' }, db);
  expect(await stateOf(id)).toBe('Queued');
});

test('refused sign-offs change nothing and are recorded', async () => {
  const both = await person(db, `Both ${newId()}`, ['engineering_lead', 'devops_lead', 'sre']);
  const own = await ask(true, both);
  await expect(sign(both, own, 'devops_lead')).rejects.toThrow(/You asked for this change/);
  const id = await ask();
  await expect(sign(people.stakeholder, id, 'devops_lead')).rejects.toThrow(/do not hold the role/);
  await expect(sign(people.devops, id, 'devops_lead', 'other')).rejects.toThrow(
    /not the plan of this change/,
  );
  await expect(
    signChange({ actor: people.devops, config, id, input: { role: 'cto', planHash: hash } }, db),
  ).rejects.toThrow(/needs no sign-off as CTO/);
  await sign(both, id, 'engineering_lead');
  await expect(sign(both, id, 'devops_lead')).rejects.toThrow(/nobody signs twice/);
  await expect(sign(people.engineering, id, 'engineering_lead')).rejects.toThrow(/already signed/);
  expect(await stateOf(id)).toBe('InReview');
  expect(await db.signOff.count({ where: { changeNumber: changeNumber(id) } })).toBe(1);
  expect((await audited(id)).filter((entry) => entry === 'change.signed refused')).toHaveLength(5);
  expect(await audited(own)).toContain('change.signed refused');
});

test('a role that was revoked a moment ago does not sign, whatever the session says', async () => {
  const id = await ask();
  const { id: userId } = people.devops;
  await db.roleGrant.deleteMany({ where: { userId } });
  await expect(sign(people.devops, id, 'devops_lead')).rejects.toThrow(/do not hold the role/);
  await db.roleGrant.create({ data: { userId, role: 'devops_lead', grantedBy: 'test' } });
});

test('six different people sign a change that needs six', async () => {
  const roles = [
    'cto',
    'engineering_lead',
    'devops_lead',
    'security_lead',
    'product_lead',
    'head_of_support',
  ] as const;
  const six = testConfig({ kubeconfig: '/none', prometheus: 'http://127.0.0.1:9' }, { signOffs: [...roles] });
  const leads = await Promise.all(roles.map((role) => person(db, `Lead ${role} ${newId()}`, [role])));
  const signed = { ...plan, policy: { ...plan.policy, signOffs: [...roles] } };
  const planId = await planned(people.sre);
  const planHashOfSix = planHash(signed);
  await db.planRequest.update({ where: { id: planId }, data: { plan: signed, planHash: planHashOfSix } });
  const input = { planId, planHash: planHashOfSix, reason, runWhenApproved: true };
  const { id } = await requestChange({ actor: people.sre, config: six, input }, db);
  for (const [index, role] of roles.entries()) {
    expect(await stateOf(id)).toBe('InReview');
    const actor = leads[index] ?? people.sre;
    await signChange({ actor, config: six, id, input: { role, planHash: planHashOfSix } }, db);
  }
  expect(await stateOf(id)).toBe('Queued');
});
