import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { DeployPlan } from '@/lib/change/contract';
import { startChange } from '@/lib/change/start-change';
import { readChange } from '@/lib/change/store';
import { useConfig } from '@/lib/config/load';
import { type AnswerServer, answerServer } from '@/lib/sources/testing/answer-server';
import { change, quick, reaches, requested, signed, testWorld, type World, writes } from './testing/world';
import { type RunningWorker, startWorker } from './worker';

let alertmanager: AnswerServer;
let world: World;
let worker: RunningWorker;

beforeAll(async () => {
  alertmanager = await answerServer(() => ({ body: '[]' }));
  const plain = await testWorld(quick);
  const source = { id: 'alerts', url: alertmanager.url, headers: {}, timeout: 2 };
  const sources = { ...plain.config.sources, alertmanager: [source] };
  world = { ...plain, config: { ...plain.config, sources } };
  useConfig(world.config);
  worker = await startWorker({ config: world.config, connectionString: world.url });
});
afterAll(async () => {
  await worker.stop();
  await world.stop();
  await alertmanager.stop();
});

/** A critical alert of the service since this moment. */
function opensIncident(): void {
  const labels = { alertname: 'HighErrorRate', severity: 'critical', service: 'fraiseql-api' };
  const startsAt = new Date(Date.now() + 3_600_000).toISOString();
  const alert = { fingerprint: 'f', labels, startsAt, endsAt: startsAt, status: { state: 'active' } };
  alertmanager.answer = ({ url }) => ({
    body: url.pathname.endsWith('alerts') ? JSON.stringify([alert]) : '[]',
  });
}
const outcomeOf = async (id: string): Promise<string> => {
  const { state, outcome } = await readChange(world.db, id);
  return `${state}: ${outcome?.sentence}`;
};
const earlier = (): string =>
  world.cluster.store
    .list('replicasets.apps', 'fraiseql')
    .find(
      (set) =>
        set.metadata.ownerReferences?.[0]?.name === 'fraiseql-api' && JSON.stringify(set).includes(':1.7.0'),
    )?.metadata.name ?? 'none';
const ended = ['Succeeded', 'BackedOut', 'Failed', 'Voided'];

test('a cluster that was upgraded since the plan voids the deploy before anything is written', async () => {
  const id = await requested(world, '2.0.0');
  const plan = DeployPlan.parse((await change(world, id)).plan);
  expect(plan.api).toEqual([
    { cluster: 'us-east-1', server: '1.36', groups: [{ name: 'apps', version: 'v1' }] },
  ]);
  world.cluster.setRelease('1.37');
  await signed(world, id);
  await reaches(world, id, ...ended);
  expect(await outcomeOf(id)).toMatch(
    /^Voided: us-east-1 runs Kubernetes 1\.37 now, and the plan was made for 1\.36\. Ask for a new plan/,
  );
  expect(writes(world)).toEqual([]);
  world.cluster.setRelease('1.36');
});

test('an incident that is opened after the sign-offs voids a deploy; a restart and a rollback go on', async () => {
  alertmanager.answer = () => ({ body: '[]' });
  const waiting = await requested(world, '2.0.0', false);
  await signed(world, waiting);
  opensIncident();
  const reason = 'The time that was agreed on has come.';
  await startChange({ actor: world.people.sre, id: waiting, config: world.config, reason }, world.db);
  await reaches(world, waiting, ...ended);
  expect(await outcomeOf(waiting)).toMatch(
    /^Voided: An incident of FraiseQL API was opened since the plan was signed: the critical alert HighErrorRate fires/,
  );
  expect(writes(world)).toEqual([]);
  // Staged, or put in sequence by the worker meanwhile.
  const entries = [...(await world.db.auditEntry.findMany()), ...(await world.db.auditStaged.findMany())];
  const Voided = z.object({ action: z.string(), reason: z.string().optional() });
  const bodies = entries.map(({ body }) => Voided.parse(JSON.parse(body)));
  expect(bodies).toContainEqual({
    action: 'change.voided',
    reason: expect.stringContaining('HighErrorRate'),
  });
  world.prometheus.set('1.7.0', { total: 300, failed: 0 });
  for (const ask of [{ kind: 'restart' }, { kind: 'rollback', replicaSet: earlier() }] as const) {
    const id = await requested(world, ask);
    await signed(world, id);
    await reaches(world, id, ...ended);
    expect(await outcomeOf(id)).toMatch(/^Succeeded/);
  }
});
