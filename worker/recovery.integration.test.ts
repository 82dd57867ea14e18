import { describe, expect, test } from 'vitest';
import type { Point } from '@/lib/change/execute/execution';
import { stateOutcome } from '@/lib/change/state-outcome';
import { abortChange } from '@/lib/change/steer-change';
import { eachInWorld, log, settled, start, stop, world } from './testing/fixture';
import { change, quick, reaches, requested, signed, status, until, writes } from './testing/world';

/** Throws the first time a point is reached, as a process that dies there would never come back. */
function dieAt(wanted: Point, nth = 1): (point: Point) => Promise<void> {
  let left = nth;
  return async (point) => {
    if (point !== wanted) return;
    left -= 1;
    if (left === 0) throw new Error(`Stopped at ${wanted}.`);
  };
}

describe('whatever the rollout does', () => {
  eachInWorld(quick, { running: 0 });

  const points: Point[] = [
    'claimed',
    'before-intent',
    'intent-written',
    'act-sent',
    'result-written',
    'moved',
  ];
  test.each(points)('faults 1, 2, 3: a run that dies at %s is finished with one write', async (point) => {
    await start({ reached: dieAt(point) });
    const id = await requested(world, '2.0.0');
    await signed(world, id);
    await until(
      'the run broke off',
      async () => (await change(world, id)).leaseOwner === null && (await change(world, id)).epoch > 0,
    );
    await world.db.change.updateMany({ data: { dueAt: new Date(0) } });
    await reaches(world, id, 'Succeeded', 'Failed', 'BackedOut', 'Voided', 'DriftHold');
    expect((await change(world, id)).state, await log(id)).toBe('Succeeded');
    expect(writes(world)).toHaveLength(1);
    expect(await settled(id)).toEqual([point === 'act-sent' ? 'apply adopted' : 'apply applied']);
  });

  test('fault 4: a write whose answer was cut after the commit is adopted, not repeated', async () => {
    await start();
    const id = await requested(world, '2.0.0');
    world.cluster.faults.add({ method: 'PATCH', count: 1, action: { kind: 'cut', when: 'after-commit' } });
    await signed(world, id);
    await reaches(world, id, 'Succeeded', 'Failed', 'BackedOut', 'DriftHold');
    expect((await change(world, id)).state, await log(id)).toBe('Succeeded');
    expect(await settled(id)).toEqual(['apply adopted']);
    expect(status(world.cluster.store).fence).toBe(`${id}/1`);
  });

  const passing = [
    ['cut before the commit', { kind: 'cut', when: 'before-commit' }],
    ['too many requests', { kind: 'too-many-requests' }],
    ['an internal error', { kind: 'status', code: 500 }],
    ['a conflict', { kind: 'status', code: 409, reason: 'Conflict' }],
  ] as const;
  test.each(passing)('%s is looked at and sent again', async (_, action) => {
    await start();
    const id = await requested(world, '2.0.0');
    world.cluster.faults.add({ method: 'PATCH', count: 2, action });
    await signed(world, id);
    await reaches(world, id, 'Succeeded', 'Failed', 'BackedOut', 'DriftHold');
    expect((await change(world, id)).state, await log(id)).toBe('Succeeded');
    expect(writes(world)).toHaveLength(1);
  });

  test('fault 11: a right that was withdrawn ends the change with one try and nothing changed', async () => {
    await start();
    const id = await requested(world, '2.0.0');
    world.cluster.faults.add({
      action: {
        kind: 'withdraw-right',
        subject: { group: 'signalbox-operators' },
        verb: 'patch',
        resource: 'deployments',
      },
    });
    await signed(world, id);
    await reaches(world, id, 'Failed', 'Succeeded', 'DriftHold');
    const { state, outcome } = await change(world, id);
    expect(state, await log(id)).toBe('Failed');
    expect(JSON.stringify(outcome)).toMatch(/Nothing was changed.*403/);
    expect(await settled(id)).toEqual(['apply refused']);
  });

  test('a Deployment that changed since the plan voids the change before anything is written', async () => {
    await start();
    const id = await requested(world, '2.0.0');
    world.cluster.store.change('deployments.apps', 'fraiseql', 'fraiseql-api', (object) => {
      const copy = JSON.parse(JSON.stringify(object));
      copy.spec.template.spec.terminationGracePeriodSeconds = 5;
      return copy;
    });
    await signed(world, id);
    await reaches(world, id, 'Voided', 'Running', 'Succeeded');
    expect((await change(world, id)).state).toBe('Voided');
    expect(writes(world)).toHaveLength(0);
    expect(await world.db.lock.count()).toBe(0);
  });

  test('fault 30: a sign-off whose role was revoked does not count any more', async () => {
    const planner = await start();
    const id = await requested(world, '2.0.0');
    await stop(planner);
    await signed(world, id);
    await world.db.roleGrant.deleteMany({ where: { userId: world.people.devops.id } });
    await start();
    await reaches(world, id, 'Voided', 'Succeeded');
    expect((await change(world, id)).state).toBe('Voided');
    expect(await world.db.signOff.count({ where: { voidedAt: { not: null } } })).toBe(1);
  });

  test('a run that was overtaken cannot write any more', async () => {
    let release = () => {};
    const frozen = new Promise<void>((resolve) => {
      release = resolve;
    });
    let arrived = false;
    const zombie = await start({
      reached: async (point) => {
        if (point !== 'intent-written' || arrived) return;
        arrived = true;
        await frozen;
      },
    });
    const id = await requested(world, '2.0.0');
    await signed(world, id);
    await until('the run stands still', () => arrived);
    // As after a long stop of the process: the lease is over and another worker has taken the change.
    await world.db.change.updateMany({
      data: { leaseUntil: new Date(0), leaseOwner: 'nobody', dueAt: new Date(0) },
    });
    await start();
    await until('the other worker has written', async () => writes(world).length === 1);
    release();
    await reaches(world, id, 'Succeeded', 'Failed', 'BackedOut', 'DriftHold');
    expect((await change(world, id)).state, await log(id)).toBe('Succeeded');
    expect(writes(world)).toHaveLength(1);
    expect(status(world.cluster.store).fence).toBe(`${id}/2`);
    // It lets go of the change when it next looks.
    await expect.poll(() => zombie.claims()).toBe(0);
  });

  test('a fence that the database never gave out stops everything until a person says what happened', async () => {
    world.prometheus.set('2.0.0', { total: 1, failed: 0 });
    await start();
    const id = await requested(world, '2.0.0');
    await signed(world, id);
    await until('the new version is written', () => status(world.cluster.store).version === '2.0.0');
    world.cluster.store.change('deployments.apps', 'fraiseql', 'fraiseql-api', (object) => {
      const copy = JSON.parse(JSON.stringify(object));
      copy.metadata.annotations['signalbox.dev/fence'] = `${id}/9`;
      return copy;
    });
    await reaches(world, id, 'ReconcileRequired', 'Succeeded', 'BackedOut', 'Failed');
    expect((await change(world, id)).state, await log(id)).toBe('ReconcileRequired');
    expect(writes(world)).toHaveLength(1);
    const { config, people, db } = world;
    const said = { config, id, outcome: 'Succeeded', reason: 'All three pods run 2.0.0.' } as const;
    await expect(stateOutcome({ ...said, actor: people.stakeholder }, db)).rejects.toThrow(
      /Only an SRE or a lead/,
    );
    await stateOutcome({ ...said, actor: people.sre }, db);
    const ended = await change(world, id);
    expect([ended.state, ended.finishedAt !== null]).toEqual(['Succeeded', true]);
    expect(JSON.stringify(ended.outcome)).toContain(
      'Sam Reyes stated how it ended: All three pods run 2.0.0.',
    );
    await expect(stateOutcome({ ...said, actor: people.sre }, db)).rejects.toThrow(/nobody has to say/);
    expect(await db.lock.count()).toBe(0);
  });
});

describe('in mid-rollout', () => {
  // A second for each pod, so that something happens while it goes on.
  eachInWorld({ ...quick, minReadySeconds: 1 }, { running: 0 });

  test('two workers share, and a stopped one hands over without a second write', async () => {
    const [one, other] = [await start(), await start()];
    const id = await requested(world, '2.0.0');
    await signed(world, id);
    await until('the new version is written', () => status(world.cluster.store).version === '2.0.0');
    const holder = (await change(world, id)).leaseOwner;
    await stop(other.id === holder ? other : one);
    await reaches(world, id, 'Succeeded', 'Failed', 'BackedOut');
    expect((await change(world, id)).state, await log(id)).toBe('Succeeded');
    expect((await change(world, id)).epoch).toBe(2);
    expect(writes(world)).toHaveLength(1);
  });

  test('a pause that the cluster refuses holds the change, and a person can still go back', async () => {
    world.prometheus.set('2.0.0', 'down');
    world.config = { ...world.config, guard: { ...world.config.guard, grace: 1 } };
    await start();
    const id = await requested(world, '2.0.0');
    await signed(world, id);
    await until('the new version is written', () => status(world.cluster.store).version === '2.0.0');
    const fault = world.cluster.faults.add({
      action: {
        kind: 'withdraw-right',
        subject: { group: 'signalbox-operators' },
        verb: 'patch',
        resource: 'deployments',
      },
    });
    await reaches(world, id, 'DriftHold');
    expect(await settled(id)).toEqual(['apply applied', 'pause refused']);
    world.cluster.faults.remove(fault);
    await abortChange({ actor: world.people.sre, id, reason: 'Not without a pause.' }, world.db);
    await reaches(world, id, 'BackedOut', 'Failed');
    expect((await change(world, id)).state, await log(id)).toBe('BackedOut');
  });
});
