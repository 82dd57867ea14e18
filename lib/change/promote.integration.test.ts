import { expect, test } from 'vitest';
import { changeNumber } from '@/lib/core/ids';
import type { ChangeState } from './model';
import { promoteChange } from './promote-change';
import { stagedPlan } from './testing/staged-plan';
import { ask, audited, config, db, openVerbWorld, people } from './testing/verbs';
import { viewApprovals } from './view-approvals';
import { viewChange } from './view-change';

openVerbWorld();

/** A canary whose step of this number runs. */
async function staged(running: number, state: ChangeState = 'Running', backingOut = false): Promise<string> {
  const id = await ask();
  const number = changeNumber(id);
  await db.change.update({ where: { number }, data: { plan: stagedPlan, state, backingOut } });
  await db.step.deleteMany({ where: { changeNumber: number } });
  await db.step.createMany({
    data: stagedPlan.steps.map(({ n, kind, title, usualSeconds }) => ({
      changeNumber: number,
      n,
      kind,
      title,
      usualSeconds,
      state: n < running ? 'done' : n === running ? 'running' : 'pending',
      ...(n <= running ? { startedAt: new Date() } : {}),
    })),
  });
  return id;
}
const promote = (id: string, expectedStep: number, actor = people.sre) =>
  promoteChange({ actor, id, input: { reason: 'The graphs are flat.', expectedStep } }, db);
const commands = (id: string) =>
  db.command.findMany({
    where: { changeNumber: changeNumber(id) },
    select: { kind: true, expectedStep: true, actorName: true, appliedAt: true },
  });

test('a hold is cut short once, by the step that the person saw', async () => {
  const id = await staged(5);
  await promote(id, 5);
  await promote(id, 5, people.devops);
  expect(await commands(id)).toEqual([
    { kind: 'promote', expectedStep: 5, actorName: people.sre.name, appliedAt: null },
  ]);
  expect(await audited(id)).toEqual(['change.requested ok', 'change.promoted ok']);
  const log = await db.observation.findFirst({ where: { changeNumber: changeNumber(id), kind: 'command' } });
  expect(log).toMatchObject({
    step: 5,
    sentence: `${people.sre.name} goes on after step 5: The graphs are flat.`,
  });
});

test('another step than the one seen is not skipped, and the answer names the one that runs', async () => {
  const id = await staged(8);
  await expect(promote(id, 5)).rejects.toMatchObject({
    code: 'conflict',
    message: 'Step 8 runs now, and you meant step 5; nothing was skipped.',
  });
  expect(await commands(id)).toEqual([]);
  expect(await audited(id)).toEqual(['change.requested ok', 'change.promoted refused']);
});

test.each([
  ['a step that is no hold', 4, 'Running', false, /Step 4 ends when what it waits for is there/],
  ['a change that goes back', 5, 'Running', true, /goes back/],
  ['a paused change', 5, 'Paused', false, /resumed/],
  ['a change that has ended', 5, 'Succeeded', false, /no step of it runs/],
] as const)('%s is not promoted, and the page says why', async (_, running, state, backingOut, why) => {
  const id = await staged(running, state, backingOut);
  await expect(promote(id, running)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(why),
  });
  const view = await viewChange({ actor: people.sre, config, id }, db);
  expect(view.you.refusals.promote).toMatch(why);
});

test('a change of one write has nothing to go on to', async () => {
  const id = await ask();
  await expect(promote(id, 1)).rejects.toMatchObject({ code: 'conflict' });
});

test('who may steer may promote', async () => {
  const id = await staged(5);
  await expect(promote(id, 5, people.stakeholder)).rejects.toMatchObject({ code: 'forbidden' });
  const refusal = async (actor: typeof people.sre) =>
    (await viewChange({ actor, config, id }, db)).you.refusals.promote;
  expect(await refusal(people.sre)).toBeNull();
  expect(await refusal(people.stakeholder)).toMatch(/Only an SRE or a lead/);
});

test('the page has a line per region and the hold that runs', async () => {
  const id = await staged(5);
  const number = changeNumber(id);
  await db.measurement.createMany({
    data: (['PASS', 'PASS', 'ERROR'] as const).map((verdict) => ({
      changeNumber: number,
      step: 5,
      verdict,
      query: 'q',
      detail: 'Prometheus does not answer.',
      region: 'us-east-1',
      share: 0.049,
      total: 200,
      failed: 1,
      baselineTotal: 3800,
      baselineFailed: 4,
      answer: { raw: true },
    })),
  });
  const view = await viewChange({ actor: people.sre, config, id }, db);
  expect(view.traffic.map(({ region }) => region)).toEqual(['us-east-1', 'eu-west-1']);
  expect(view.holding).toMatchObject({ step: 5, needSeconds: 600, isCounting: false });
  expect(view.measurements[0]).toEqual({
    id: expect.any(String),
    at: expect.any(String),
    step: 5,
    verdict: 'PASS',
    detail: 'Prometheus does not answer.',
    region: 'us-east-1',
    proves: false,
    share: 0.049,
    total: 200,
    failed: 1,
    baselineTotal: 3800,
    baselineFailed: 4,
  });
});

test.each([
  ['counts at once where the figures have settled during the proof', 600, 30],
  ['waits for the figures where the proof came quickly', 5, 0],
])('the hold that is shown %s', async (_, provenFor, goodSeconds) => {
  const number = changeNumber(await staged(5));
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
  const began = async (n: number, seconds: number) =>
    db.step.update({
      where: { changeNumber_n: { changeNumber: number, n } },
      data: { startedAt: ago(seconds) },
    });
  await began(4, 40 + provenFor);
  await began(5, 40);
  const row = { changeNumber: number, step: 5, verdict: 'PASS', query: 'q', region: 'us-east-1' };
  await db.measurement.create({ data: { ...row, total: 200, failed: 0, takenAt: ago(10) } });
  // A reading of the share is none of the version, whatever it says.
  await db.measurement.create({ data: { ...row, verdict: 'ERROR', proves: true, takenAt: ago(5) } });
  const view = await viewChange({ actor: people.sre, config, id: `c-${number}` }, db);
  expect(Math.round(view.holding?.goodSeconds ?? -1)).toBe(goodSeconds);
  expect(view.holding?.isCounting).toBe(goodSeconds > 0);
});

test('a row says which of the steps runs, and names all regions', async () => {
  const id = await staged(5);
  const number = changeNumber(id);
  await db.step.update({
    where: { changeNumber_n: { changeNumber: number, n: 5 } },
    data: { detail: 'us-east-1: 2 min of 10 min are told of.' },
  });
  const { change } = await viewChange({ actor: people.sre, config, id }, db);
  expect(change).toMatchObject({
    sentence: 'Step 5 of 17: us-east-1: 2 min of 10 min are told of.',
    regions: ['us-east-1', 'eu-west-1'],
  });
  await db.step.updateMany({ where: { changeNumber: number, n: 5 }, data: { detail: null } });
  expect((await viewChange({ actor: people.sre, config, id }, db)).change.sentence).toBe(
    'Step 5 of 17: Hold in us-east-1.',
  );
});

test('those who sign see the way, the regions and what it may cost', async () => {
  const id = await staged(0, 'InReview');
  const { yours } = await viewApprovals(people.devops, config, db);
  expect(yours.find((row) => row.id === id)?.risk).toEqual([
    'Production',
    'Canary',
    '2 regions',
    'at worst 4.5 % of the budget that is left',
  ]);
});
