import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DeployPlan, Precheck } from '@/lib/change/contract';
import { revalidate } from '@/lib/change/execute/revalidate';
import { answerPlan } from '@/lib/change/plan/answer-plan';
import { requestPlan } from '@/lib/change/plan/request-plan';
import { requestChange } from '@/lib/change/request-change';
import { signChange } from '@/lib/change/sign-change';
import { readChange } from '@/lib/change/store';
import { executionOf } from '@/lib/change/testing/execution';
import { record } from '@/lib/slo/fleet/testing/recorded';
import { type WorkerClusters, workerClusters } from './clusters';
import { eachInWorld, world } from './testing/fixture';
import { person } from './testing/people';
import { quick } from './testing/world';

/** 99.9 % of 1,000 requests a minute: one failure in each minute spends the budget whole. */
const perMinute = 1000;
const budget = {
  levels: [
    { below: '25', signOffs: ['cto'] },
    { below: '0', refuse: true },
  ],
};

let clusters: WorkerClusters;
eachInWorld({ ...quick, budget }, { running: 0 });
beforeEach(() => {
  clusters = workerClusters(world.config);
});
afterEach(() => clusters.close());

/** Records 31 days in which so large a share of the budget was spent. */
const spend = (share: number) =>
  record(world.db, world.config, 31, [
    {
      labels: { region: 'us-east-1' },
      at: () => ({ good: perMinute - share, bad: share, total: perMinute }),
    },
  ]);

async function plan(version = '2.0.0') {
  const { db, config, people } = world;
  const input = {
    kind: 'deploy',
    service: 'fraiseql-api',
    environment: 'production',
    region: 'us-east-1',
    version,
  } as const;
  const { id } = await requestPlan({ actor: people.sre, config, input }, db);
  await answerPlan({ db, config, workerId: 'w', cluster: clusters.of }, id);
  const row = await db.planRequest.findUniqueOrThrow({ where: { id } });
  const prechecks = z.array(Precheck).parse(row.prechecks);
  const check = prechecks.find((one) => one.id === 'gate');
  return { id, hash: row.planHash ?? '', plan: DeployPlan.parse(row.plan), check, prechecks };
}

const reason = 'The new version fixes the slow query.';
const request = ({ id, hash }: { id: string; hash: string }) =>
  requestChange(
    {
      actor: world.people.sre,
      config: world.config,
      input: { planId: id, planHash: hash, reason, runWhenApproved: true },
    },
    world.db,
  );
const lastAudited = async () => {
  const row = await world.db.auditStaged.findFirstOrThrow({ orderBy: { n: 'desc' } });
  return JSON.parse(row.body);
};

/** Requests, signs by everybody the plan names, and checks again as a worker does that begins with it. */
async function begin(made: Awaited<ReturnType<typeof plan>>, before: () => Promise<unknown>) {
  const { db, config, people } = world;
  const { id } = await request(made);
  const signers = { engineering_lead: people.engineering, devops_lead: people.devops } as const;
  const cto = made.plan.policy.signOffs.includes('cto') ? await person(db, 'Carla Mendes', ['cto']) : null;
  for (const role of ['engineering_lead', 'devops_lead'] as const) {
    await signChange({ actor: signers[role], config, id, input: { role, planHash: made.hash } }, db);
  }
  if (cto !== null) {
    expect((await readChange(db, id)).state).toBe('InReview');
    await signChange({ actor: cto, config, id, input: { role: 'cto', planHash: made.hash } }, db);
  }
  expect((await readChange(db, id)).state).toBe('Queued');
  await before();
  const run = executionOf(id, { db, config, cluster: clusters.of });
  expect(await revalidate(run, await readChange(db, id))).toBe('moved');
  expect(await revalidate(run, await readChange(db, id))).toBe('moved');
  return readChange(db, id);
}

describe('a plan', () => {
  test('with enough budget left has its usual sign-offs, and the figures it was judged by', async () => {
    await spend(0.4);
    const made = await plan();
    expect(made.plan.policy.signOffs).toEqual(['engineering_lead', 'devops_lead']);
    expect(made.plan.gate).toMatchObject({
      verdict: 'open',
      signOffs: [],
      objectives: [{ id: 'fraiseql', left: '60.0 %', asOf: expect.any(String) }],
    });
    expect(made.check).toMatchObject({
      result: 'pass',
      detail: expect.stringMatching(/^Availability: 60\.0 % .* Figures as of 20\d\d-.* UTC\.$/),
    });
    expect(made.prechecks.map(({ id }) => id)).not.toContain('budget');
    expect(await lastAudited()).toMatchObject({ action: 'plan.answered', details: { gate: 'open' } });
  });

  test('below a level names who signs because of it, and starts with all of them', async () => {
    await spend(0.9);
    const made = await plan();
    expect(made.plan.policy.signOffs).toEqual(['engineering_lead', 'devops_lead', 'cto']);
    expect(made.plan.gate).toMatchObject({ verdict: 'sign-offs', signOffs: ['cto'] });
    expect(made.check).toMatchObject({ result: 'warn', detail: expect.stringContaining('below the 25 %') });
    await expect(request(made)).rejects.toThrow('Nobody but the requester could sign as CTO');
    await person(world.db, 'Chris Vega', ['cto']);
    expect((await begin(made, async () => {})).state).toBe('Running');
  });

  test('that the gate refuses cannot be sent, and the record says so', async () => {
    await spend(1.2);
    const made = await plan();
    expect(made.check).toMatchObject({
      result: 'fail',
      detail: expect.stringMatching(/^Deploys are refused\. Availability: -20\.0 % .* never refused\.$/),
    });
    expect(await lastAudited()).toMatchObject({
      action: 'plan.answered',
      details: { gate: 'closed' },
      reason: expect.stringContaining('Deploys are refused.'),
    });
    await expect(request(made)).rejects.toMatchObject({ code: 'precondition' });
    expect(await lastAudited()).toMatchObject({ action: 'change.requested', result: 'refused' });
    expect(await world.db.change.count()).toBe(0);
  });

  test('of a service that nobody has counted yet asks for the sign-offs of its levels', async () => {
    const made = await plan();
    expect(made.plan.gate).toMatchObject({
      verdict: 'sign-offs',
      signOffs: ['cto'],
      objectives: [{ left: null, asOf: null }],
    });
    expect(made.check?.detail).toContain('The recorder has not counted this objective yet.');
  });
});

describe('a budget that falls', () => {
  test('after the plan refuses the request, with what to do', async () => {
    await spend(0.4);
    const made = await plan();
    await spend(0.9);
    await expect(request(made)).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringMatching(/^The plan was made before the error budget asked for it\. .* 10\.0 %/),
      next: 'Ask for a new plan.',
    });
    expect(await lastAudited()).toMatchObject({ action: 'change.requested', result: 'refused' });
  });

  test.each([
    [0.9, /made before the error budget asked for it.*Ask for a new plan\.$/],
    [1.5, /Deploys are refused\..*-50\.0 %.*Ask for a new plan\.$/],
  ])('after the sign-offs, with %d spent, keeps the change from starting', async (share, sentence) => {
    await spend(0.4);
    const ended = await begin(await plan(), () => spend(share));
    expect(ended.state).toBe('Voided');
    expect(ended.startedAt).toBeNull();
    expect(ended.outcome?.sentence).toMatch(sentence);
    expect(await lastAudited()).toMatchObject({
      action: 'change.voided',
      reason: expect.stringMatching(sentence),
    });
  });

  test('below a level that was signed for starts all the same', async () => {
    await spend(0.8);
    await person(world.db, 'Chris Vega', ['cto']);
    expect((await begin(await plan(), () => spend(0.95))).state).toBe('Running');
  });
});

test('what puts back the version that ran before is never held up', async () => {
  await spend(0.4);
  const first = await begin(await plan('1.9.0'), async () => {});
  await world.db.change.update({
    where: { number: first.number },
    data: {
      state: 'Succeeded',
      finishedAt: new Date(),
      // As if 1.8.0, which runs, had replaced 1.7.0.
      plan: {
        ...first.plan,
        from: { version: '1.7.0', image: first.plan.from.image.replace('1.8.0', '1.7.0') },
        to: first.plan.from,
      },
    },
  });
  await spend(3);
  const made = await plan('1.7.0');
  expect(made.plan.goesBack).toMatchObject({ reverts: `c-${first.number}` });
  expect(made.check).toMatchObject({
    result: 'pass',
    detail: expect.stringContaining(`Puts back 1.7.0, which c-${first.number} replaced.`),
  });
  await world.db.lock.deleteMany();
  expect((await begin(made, () => spend(5))).state).toBe('Running');
  expect((await plan('2.0.0')).check).toMatchObject({ result: 'fail' });
});
