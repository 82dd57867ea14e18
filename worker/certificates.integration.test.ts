import { expect, test } from 'vitest';
import { z } from 'zod';
import { Precheck } from '@/lib/change/contract';
import { requestChange } from '@/lib/change/request-change';
import { eachInWorld, world } from './testing/fixture';
import { type Ask, planned, quick } from './testing/world';

eachInWorld(quick);

const sets = () => world.cluster.store.list('replicasets.apps', 'fraiseql');
const earlier = (): string =>
  sets().find(
    (set) =>
      set.metadata.ownerReferences?.[0]?.name === 'fraiseql-api' && JSON.stringify(set).includes(':1.7.0'),
  )?.metadata.name ?? 'none';

async function planOf(ask: Ask) {
  const row = await planned(world, ask);
  const checks = z.array(Precheck).parse(row.prechecks ?? []);
  const input = {
    planId: row.id,
    planHash: row.planHash ?? '',
    reason: 'The new version fixes the slow query of the dashboard.',
    runWhenApproved: false,
  };
  return {
    check: checks.find(({ id }) => id === 'certificates'),
    send: () => requestChange({ actor: world.people.sre, config: world.config, input }, world.db),
  };
}

test('a deploy passes, warns or is blocked by the days that its certificate has left', async () => {
  world.prometheus.certify(60.5);
  expect((await planOf('2.0.0')).check).toMatchObject({
    result: 'pass',
    detail: expect.stringMatching(
      /^The certificate of https:\/\/fraiseql-api\.example\.com ends on .* 60 days/,
    ),
  });
  world.prometheus.certify(20.5);
  const warned = await planOf('2.0.0');
  expect(warned.check).toMatchObject({ result: 'warn', detail: expect.stringContaining('Renew it.') });
  await expect(warned.send()).resolves.toMatchObject({ id: expect.any(String) });
  world.prometheus.certify(-1.5);
  const blocked = await planOf('2.0.0');
  expect(blocked.check).toMatchObject({ result: 'fail', detail: expect.stringContaining('1 day ago') });
  await expect(blocked.send()).rejects.toThrow(/A check fails: The certificates last\. .* ended on/);
});

test('one that nobody knows is told as not known; a rollback and a restart ask nobody', async () => {
  const unknown = await planOf('2.0.0');
  expect(unknown.check).toMatchObject({ result: 'warn', detail: expect.stringMatching(/^Not known/) });
  world.prometheus.certify(-1.5);
  for (const ask of [{ kind: 'rollback', replicaSet: earlier() }, { kind: 'restart' }] as const) {
    const plan = await planOf(ask);
    expect(plan.check).toBeUndefined();
    await expect(plan.send()).resolves.toMatchObject({ id: expect.any(String) });
  }
});
