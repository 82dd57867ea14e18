import { expect, test } from 'vitest';
import type { Person } from '@/lib/access/model';
import { changeNumber, newId } from '@/lib/core/ids';
import { readRecord } from './history/read-record';
import { recordFile } from './history/record-file';
import { requestPlan } from './plan/request-plan';
import { requestChange } from './request-change';
import {
  ask,
  audited,
  config,
  db,
  hash,
  openVerbWorld,
  people,
  planned,
  reason,
  stateOf,
} from './testing/verbs';
import { viewChange } from './view-change';

openVerbWorld();

test('a request stores the change, its steps, the record and a message', async () => {
  const id = await ask();
  expect(await stateOf(id)).toBe('InReview');
  expect(await audited(id)).toEqual(['change.requested ok']);
  expect(await db.step.count({ where: { changeNumber: changeNumber(id) } })).toBe(1);
  const message = await db.outbox.findFirstOrThrow({ orderBy: { id: 'desc' } });
  expect(message).toMatchObject({
    webhook: 'chat',
    event: 'change.requested',
    payload: { text: expect.stringContaining(id) },
  });
});

test('who signs sees what the checks found, and when; the record keeps it', async () => {
  const found = { id: 'quota', title: 'Room for the extra pods', result: 'warn', detail: 'None is known.' };
  const answeredAt = new Date('2026-11-21T14:00:00.000Z');
  const planId = await planned(people.sre, { prechecks: [found], answeredAt });
  const input = { planId, planHash: hash, reason, runWhenApproved: true };
  const { id } = await requestChange({ actor: people.sre, config, input }, db);
  const checks = { at: answeredAt.toISOString(), prechecks: [found] };
  expect((await viewChange({ actor: people.devops, config, id }, db)).checks).toEqual(checks);
  const record = await readRecord(config, id, db);
  expect(record.checks).toEqual(checks);
  expect(await recordFile(record, 'text').text()).toContain(
    '2026-11-21T14:00:00.000Z Room for the extra pods: warn; None is known.',
  );
});

test('a change of an earlier version has no checks', async () => {
  const id = await ask();
  expect((await viewChange({ actor: people.devops, config, id }, db)).checks).toBeNull();
});

const badRequests: [string, () => Promise<{ planId: string; planHash: string; reason: string }>, RegExp][] = [
  [
    'another hash',
    async () => ({ planId: await planned(people.sre), planHash: 'x', reason }),
    /not this plan/,
  ],
  [
    "somebody else's plan",
    async () => ({ planId: await planned(people.devops), planHash: hash, reason }),
    /Somebody else/,
  ],
  [
    'an expired plan',
    async () => ({ planId: await planned(people.sre, { expiresAt: new Date(0) }), planHash: hash, reason }),
    /expired/,
  ],
  [
    'an unanswered plan',
    async () => ({ planId: await planned(people.sre, { state: 'pending' }), planHash: hash, reason }),
    /no answer/,
  ],
  [
    'a short reason',
    async () => ({ planId: await planned(people.sre), planHash: hash, reason: 'soon' }),
    /at least 20/,
  ],
  ['no such plan', async () => ({ planId: newId(), planHash: hash, reason }), /no such plan/],
  [
    'a failed check',
    async () => ({
      planId: await planned(people.sre, {
        prechecks: [{ id: 'a', title: 'Room', result: 'fail', detail: 'none.' }],
      }),
      planHash: hash,
      reason,
    }),
    /A check fails: Room/,
  ],
];
test.each(badRequests)('a request with %s is refused and recorded', async (_, input, message) => {
  const before = await db.change.count();
  const made = { ...(await input()), runWhenApproved: true };
  await expect(requestChange({ actor: people.sre, config, input: made }, db)).rejects.toThrow(message);
  expect(await db.change.count()).toBe(before);
  const last = await db.auditStaged.findFirstOrThrow({ orderBy: { n: 'desc' } });
  expect(JSON.parse(last.body)).toMatchObject({ action: 'change.requested', result: 'refused' });
});

test('a plan is sent once', async () => {
  const input = { planId: await planned(people.sre), planHash: hash, reason, runWhenApproved: true };
  await requestChange({ actor: people.sre, config, input }, db);
  await expect(requestChange({ actor: people.sre, config, input }, db)).rejects.toThrow(/expired/);
});

test('a request whose quorum can never be met is refused', async () => {
  const { id: userId } = people.devops;
  await db.user.update({ where: { id: userId }, data: { disabledAt: new Date() } });
  await expect(ask()).rejects.toThrow('Nobody but the requester could sign as DevOps Lead.');
  await db.user.update({ where: { id: userId }, data: { disabledAt: null } });
});

test('a plan needs a role that the policy lets ask, a known service and a version that stands still', async () => {
  const input = {
    kind: 'deploy',
    service: 'fraiseql-api',
    environment: 'production',
    region: 'us-east-1',
    version: '2.0.0',
  } as const;
  const asked = (actor: Person, changed: object = {}) =>
    requestPlan({ actor, config, input: { ...input, ...changed } }, db);
  await expect(asked(people.stakeholder)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(asked(people.sre, { version: 'latest' })).rejects.toMatchObject({ code: 'invalid' });
  await expect(asked(people.sre, { service: 'unknown' })).rejects.toMatchObject({ code: 'not-found' });
  await expect(asked(people.sre, { region: 'mars' })).rejects.toMatchObject({ code: 'invalid' });
  expect(await asked(people.sre)).toEqual({ id: expect.any(String) });
});
