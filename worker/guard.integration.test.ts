import { expect, test } from 'vitest';
import { DeployPlan } from '@/lib/change/contract';
import { reviewChange } from '@/lib/change/review/review-change';
import { abortChange, pauseChange, resumeChange } from '@/lib/change/steer-change';
import { viewApprovals } from '@/lib/change/view-approvals';
import { changeNumber } from '@/lib/core/ids';
import { eachInWorld, log, settled, start, stopWorkers, world } from './testing/fixture';
import { change, deploymentOf, reaches, requested, signed, status, until, writes } from './testing/world';

// Rollouts of a few seconds, in which there is time to act, and a short patience without a verdict.
eachInWorld({ minReadySeconds: 1, timing: { watch: '300ms' }, guard: { grace: '1s' } });

const oldPodsReady = () =>
  world.cluster.store.list('pods', 'fraiseql').filter((pod) => {
    const text = JSON.stringify(pod);
    return (
      text.includes('fraiseql-api:1.8.0') &&
      /"type":"Ready","status":"True"|"status":"True","type":"Ready"/.test(text)
    );
  }).length;

async function started(version = '2.0.0'): Promise<string> {
  const id = await requested(world, version);
  await signed(world, id);
  await until('the new version is written', () => status(world.cluster.store).version === version);
  return id;
}

test('a bad version goes back by itself while old pods still serve', async () => {
  world.prometheus.set('2.0.0', { total: 200, failed: 16 });
  const id = await started();
  await until('the guard acted', async () => (await change(world, id)).backingOut);
  expect(oldPodsReady()).toBeGreaterThan(0);
  await reaches(world, id, 'BackedOut', 'Succeeded', 'Failed');
  expect((await change(world, id)).state, await log(id)).toBe('BackedOut');
  expect(await settled(id)).toEqual(['apply applied', 'restore applied']);
  expect(status(world.cluster.store)).toMatchObject({ version: '1.8.0', available: 3, paused: false });
  const back = await change(world, id);
  expect(back.outcome).toMatchObject({ cause: 'guard' });
  // Nobody ordered it, so nobody has to be asked about it.
  expect(back.reviewDueAt).toBeNull();
  expect(writes(world)).toHaveLength(2);
  // Each reading keeps what was asked and what was answered.
  const { plan, measurements } = await world.db.change.findFirstOrThrow({
    where: { number: changeNumber(id) },
    select: { plan: true, measurements: { where: { verdict: 'FAIL' } } },
  });
  const asked = DeployPlan.parse(plan).guard.query;
  expect(measurements.length).toBeGreaterThan(0);
  for (const { query, answer } of measurements) {
    expect(query).toBe(`${asked.total}\n${asked.failed}`);
    expect(answer).toMatchObject({ at: expect.any(String), values: { total: '200', failed: '16' } });
  }
});

test('an abort goes back in the name of who aborted, and nothing is written afterwards', async () => {
  const id = await started();
  const { engineering } = world.people;
  await abortChange({ actor: engineering, id, reason: 'Customers report errors.' }, world.db);
  await reaches(world, id, 'BackedOut', 'Succeeded', 'Failed');
  expect((await change(world, id)).state, await log(id)).toBe('BackedOut');
  expect(writes(world).map(({ impersonated }) => impersonated?.user)).toEqual([
    'sam.reyes@example.com',
    'ella.lindqvist@example.com',
  ]);
  expect(status(world.cluster.store).version).toBe('1.8.0');
  // Who ordered it back alone does not review it, and neither does who is no lead.
  const { sre, devops } = world.people;
  const review = (actor: typeof sre) => reviewChange({ actor, id, note: 'It was right.' }, world.db);
  expect((await viewApprovals(devops, world.config, world.db)).toReview.map((row) => row.id)).toEqual([id]);
  await expect(review(engineering)).rejects.toThrow(/Only a lead who did not/);
  await expect(review(sre)).rejects.toThrow(/Only a lead who did not/);
  await review(devops);
  expect((await viewApprovals(devops, world.config, world.db)).toReview).toEqual([]);
  await expect(review(devops)).rejects.toThrow(/Dara Okafor has reviewed it/);
  await expect(abortChange({ actor: engineering, id, reason: 'Again.' }, world.db)).rejects.toThrow(
    /nothing to abort/,
  );
});

test('without Prometheus the rollout is paused, and goes on when a verdict is back', async () => {
  world.prometheus.set('2.0.0', 'down');
  const id = await started();
  await reaches(world, id, 'DataHold');
  expect(status(world.cluster.store)).toMatchObject({ paused: true, version: '2.0.0' });
  expect(oldPodsReady()).toBeGreaterThan(0);
  world.prometheus.set('2.0.0', { total: 300, failed: 1 });
  await reaches(world, id, 'Succeeded', 'BackedOut', 'Failed');
  expect((await change(world, id)).state, await log(id)).toBe('Succeeded');
  expect(await settled(id)).toEqual(['apply applied', 'pause applied', 'resume applied']);
});

test('an abort while paused unpauses and restores in one patch', async () => {
  world.prometheus.set('2.0.0', 'empty');
  const id = await started();
  await reaches(world, id, 'DataHold');
  await abortChange({ actor: world.people.sre, id, reason: 'No data, no deploy.' }, world.db);
  await reaches(world, id, 'BackedOut');
  const last = writes(world).at(-1);
  expect(JSON.parse(JSON.stringify(last?.body))).toMatchObject({ spec: { paused: null, template: {} } });
  expect(await settled(id)).toEqual(['apply applied', 'pause applied', 'restore applied']);
});

test('a person pauses and resumes', async () => {
  const id = await started();
  await pauseChange({ actor: world.people.devops, id, reason: 'Looking at a graph.' }, world.db);
  await reaches(world, id, 'Paused');
  expect(status(world.cluster.store).paused).toBe(true);
  await resumeChange({ actor: world.people.devops, id, reason: 'It was nothing.' }, world.db);
  await reaches(world, id, 'Succeeded', 'BackedOut', 'Failed');
  expect((await change(world, id)).state, await log(id)).toBe('Succeeded');
  expect(writes(world).map(({ impersonated }) => impersonated?.user)).toEqual([
    'sam.reyes@example.com',
    'dara.okafor@example.com',
    'dara.okafor@example.com',
  ]);
});

test("a stranger's edit holds the change; an abort then goes back", async () => {
  const id = await started();
  world.cluster.store.change('deployments.apps', 'fraiseql', 'fraiseql-api', (object) => {
    const copy = JSON.parse(JSON.stringify(object));
    copy.spec.template.spec.containers[0].image = 'registry.example.com/fraiseql/fraiseql-api:stranger';
    return copy;
  });
  await reaches(world, id, 'DriftHold');
  await resumeChange({ actor: world.people.sre, id, reason: 'Try again.' }, world.db);
  await until('the resumption is refused', async () => {
    const command = await world.db.command.findFirst({ where: { kind: 'resume' } });
    return command?.result === 'refused';
  });
  expect((await change(world, id)).state).toBe('DriftHold');
  await abortChange({ actor: world.people.sre, id, reason: 'Put it back.' }, world.db);
  await reaches(world, id, 'BackedOut', 'Failed');
  expect((await change(world, id)).state, await log(id)).toBe('BackedOut');
  expect(JSON.stringify(deploymentOf(world.cluster.store))).toContain('fraiseql-api:1.8.0');
});

test('pods that cannot start exceed the deadline and the change goes back', async () => {
  await stopWorkers();
  const config = { ...world.config, timing: { ...world.config.timing, rolloutDeadline: 3 } };
  world.config = config;
  await start({ config });
  world.outcomes.set('2.0.1', 'image-missing');
  const id = await started('2.0.1');
  await reaches(world, id, 'BackedOut', 'Failed');
  const { state, outcome } = await change(world, id);
  expect(state, await log(id)).toBe('BackedOut');
  expect(JSON.stringify(outcome)).toMatch(/No net progress for 3 s .*(ErrImagePull|ImagePullBackOff)/);
});

test('a rollout that finished without a verdict stays watched, never succeeded', async () => {
  await stopWorkers();
  const config = { ...world.config, guard: { ...world.config.guard, grace: 60 } };
  world.config = config;
  await start({ config });
  world.prometheus.set('2.0.0', { total: 10, failed: 0 });
  const id = await started();
  await reaches(world, id, 'Watching');
  await until(
    'the watch is over',
    async () => ((await change(world, id)).watchUntil?.getTime() ?? 0) < Date.now() - 1500,
  );
  expect((await change(world, id)).state).toBe('Watching');
  world.prometheus.set('2.0.0', { total: 100, failed: 5 });
  await reaches(world, id, 'Succeeded', 'BackedOut', 'Failed');
  expect((await change(world, id)).state, await log(id)).toBe('Succeeded');
});
