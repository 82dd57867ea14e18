import { describe, expect, test } from 'vitest';
import { changeNumber } from '@/lib/core/ids';
import { ApprovalsView, ChangeList, ChangeView, PlanView } from './contract';
import { listChanges } from './list-changes';
import { viewPlan } from './plan/view-plan';
import { stagedPlan } from './testing/staged-plan';
import { ask, config, db, openVerbWorld, people, plan, planned, sign } from './testing/verbs';
import { viewApprovals } from './view-approvals';
import { viewChange } from './view-change';

openVerbWorld();

const see = async (actor: typeof people.sre, id: string) =>
  ChangeView.parse(await viewChange({ actor, config, id }, db));

test('each person sees what may be done, and why not', async () => {
  const id = await ask();
  const [asSre, asLead, asReader] = [
    await see(people.sre, id),
    await see(people.devops, id),
    await see(people.stakeholder, id),
  ];
  expect(asSre.you).toMatchObject({ isRequester: true, signRoles: [], refusals: { cancel: null } });
  expect(asSre.you.refusals.sign).toMatch(/You asked for this change/);
  expect(asLead.you).toMatchObject({
    isRequester: false,
    signRoles: ['devops_lead'],
    refusals: { sign: null, reject: null },
  });
  expect(asReader.you.refusals.sign).toMatch(/none of the roles/);
  expect(asReader.you.refusals.cancel).toMatch(/Only the requester/);
  expect(asLead.signOffs.map(({ role, state, eligible }) => [role, state, eligible])).toEqual([
    ['engineering_lead', 'missing', ['Ella Lindqvist']],
    ['devops_lead', 'yours', ['Dara Okafor']],
  ]);
  expect(asSre.owner).toBe('The leads who sign');
  expect(asSre.timer.at).toBe(asSre.change.expiresAt);
  expect(asSre.rollout.state).toBe('missing');
});

test('a signed change says so everywhere', async () => {
  const id = await ask();
  await sign(people.devops, id, 'devops_lead');
  const view = await see(people.devops, id);
  expect(view.change).toMatchObject({ signed: 1, needed: 2, sentence: 'Waits for 1 more sign-off.' });
  expect(view.you.refusals).toMatchObject({
    sign: expect.stringContaining('nobody signs twice'),
    withdraw: null,
  });
  const inbox = async (actor: typeof people.sre) =>
    ApprovalsView.parse(await viewApprovals(actor, config, db));
  expect((await inbox(people.devops)).yours).toEqual([]);
  expect((await inbox(people.engineering)).yours).toMatchObject([
    { id, roles: ['engineering_lead'], risk: ['Production', '3 pods'] },
  ]);
  expect((await inbox(people.sre)).requested.map((row) => row.id)).toEqual([id]);
});

test('the list is filtered, newest first, and goes on where it ended', async () => {
  const [first, second] = [await ask(), await ask()];
  await db.change.update({ where: { number: changeNumber(first) }, data: { state: 'Running' } });
  const ids = async (query: Parameters<typeof listChanges>[1]) =>
    ChangeList.parse(await listChanges(config, query, db)).changes.map(({ id }) => id);
  expect(await ids({ state: 'open' })).toEqual([second, first]);
  expect(await ids({ state: 'running' })).toEqual([first]);
  expect(await ids({ state: 'open', before: second })).toEqual([first]);
  expect(await ids({ service: 'another' })).toEqual([]);
  expect(await ids({ state: 'open', kind: 'deploy' })).toEqual([second, first]);
  expect(await ids({ state: 'open', kind: 'scale' })).toEqual([]);
  await db.change.update({ where: { number: changeNumber(second) }, data: { state: 'BackedOut' } });
  expect(await ids({ outcome: 'open' })).toEqual([first]);
  expect((await ids({ outcome: 'backed-out' }))[0]).toBe(second);
  expect(await ids({ outcome: 'backed-out', state: 'running' })).toEqual([]);
});

describe('of a hold of which the page has the newest readings alone', () => {
  const start = Date.now() - 9_030_000;
  const at = (seconds: number) => new Date(start + seconds * 1000);
  /** A canary of two regions whose step 5, a hold, has been running for hours; a reading each 30 s. */
  async function holding(hold: { seconds: number; minRequests: number }): Promise<string> {
    const steps = stagedPlan.staged.steps.map((step) => (step.do === 'hold' ? { ...step, ...hold } : step));
    const id = await ask();
    const number = changeNumber(id);
    await db.step.deleteMany({ where: { changeNumber: number } });
    await db.change.update({
      where: { number },
      data: {
        plan: { ...stagedPlan, staged: { ...stagedPlan.staged, steps } },
        state: 'Running',
        startedAt: at(-600),
      },
    });
    await db.step.createMany({
      data: stagedPlan.steps.map(({ n, kind, title }) => ({
        changeNumber: number,
        n,
        kind,
        title,
        state: n < 5 ? 'done' : n === 5 ? 'running' : 'pending',
        startedAt: n === 5 ? at(0) : null,
      })),
    });
    const reading = (seconds: number, verdict: string, region: string) => ({
      changeNumber: number,
      step: 5,
      takenAt: at(seconds),
      verdict,
      region,
      total: verdict === 'NODATA' ? null : 100,
      failed: verdict === 'FAIL' ? 50 : 1,
      query: 'a query',
      detail: `${verdict} after ${seconds} s.`,
    });
    await db.measurement.createMany({
      data: [
        reading(-300, 'FAIL', 'eu-west-1'),
        // What was measured before the hold is none of it.
        ...[-90, -60, -30].map((seconds) => reading(seconds, 'FAIL', 'us-east-1')),
        ...Array.from({ length: 300 }, (_, index) => reading((index + 1) * 30, 'PASS', 'us-east-1')),
      ],
    });
    return id;
  }

  test('the time that counts is that of all readings since it began', async () => {
    const view = await see(people.sre, await holding({ seconds: 4 * 3600, minRequests: 300 }));
    expect(view.measurements).toHaveLength(200);
    // The first that counts after the settling time tells of its window of a minute, each later one of 30 s.
    expect(view.holding).toMatchObject({ step: 5, needSeconds: 4 * 3600, goodSeconds: 60 + 297 * 30 });
  });

  test('the requests are those of all readings, each request once', async () => {
    const view = await see(people.sre, await holding({ seconds: 600, minRequests: 20_000 }));
    expect(view.holding?.goodSeconds).toBe(600);
    expect(view.holding?.detail).toContain('15000 requests of 20000 that the hold needs.');
  });

  test('all readings are counted by region, with the first and the last that could be judged', async () => {
    const id = await holding({ seconds: 600, minRequests: 300 });
    const blind = { step: 5, verdict: 'NODATA', region: 'us-east-1', query: 'a query' };
    await db.measurement.create({ data: { ...blind, changeNumber: changeNumber(id), takenAt: at(9030) } });
    const { measured } = await see(people.sre, id);
    expect(measured.toSorted((a, b) => (a.region ?? '').localeCompare(b.region ?? ''))).toMatchObject([
      {
        region: 'eu-west-1',
        ...{ passed: 0, failed: 1, unjudged: 0 },
        firstJudged: { detail: 'FAIL after -300 s.' },
        lastJudged: { detail: 'FAIL after -300 s.' },
      },
      {
        region: 'us-east-1',
        ...{ passed: 300, failed: 3, unjudged: 1 },
        firstJudged: { detail: 'FAIL after -90 s.' },
        lastJudged: { detail: 'PASS after 9000 s.' },
      },
    ]);
  });
});

test('a plan says why it cannot be sent', async () => {
  const input = {
    kind: 'deploy',
    service: 'fraiseql-api',
    environment: 'production',
    region: 'us-east-1',
    version: '2.0.0',
  };
  const see = async (id: string, actor = people.sre) => {
    await db.planRequest.update({ where: { id }, data: { input } });
    return PlanView.parse(await viewPlan({ actor, config, id }, db));
  };
  await db.worker.deleteMany();
  const pending = await see(await planned(people.sre, { state: 'pending' }));
  expect(pending).toMatchObject({
    workerAlive: false,
    blocked: expect.stringContaining('No worker is running'),
  });
  await db.worker.create({ data: { id: 'w', host: 'h', pid: 1 } });
  expect((await see(await planned(people.sre, { state: 'pending' }))).blocked).toBe(
    'A worker is making the plan.',
  );
  const good = await see(await planned(people.sre));
  expect(good).toMatchObject({ workerAlive: true, blocked: null, state: 'answered', plan });
  expect(good.sentence).toBe(
    'Replaces 3 pods of FraiseQL API in production, us-east-1: 1.8.0 → 2.0.0, and goes back to 1.8.0 when the guard fails.',
  );
  expect((await see(await planned(people.sre), people.devops)).blocked).toMatch(/Somebody else/);
  expect((await see(await planned(people.sre, { expiresAt: new Date(0) }))).state).toBe('expired');
  const failing = [{ id: 'quota', title: 'Room', result: 'fail', detail: 'none left.' }];
  expect((await see(await planned(people.sre, { prechecks: failing }))).blocked).toBe('Room: none left.');
});
