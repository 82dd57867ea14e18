import { expect, test } from 'vitest';
import { abortChange, pauseChange, resumeChange } from '@/lib/change/steer-change';
import { pullSwitch } from '@/lib/change/switch/pull-switch';
import { releaseSwitch } from '@/lib/change/switch/release-switch';
import { viewSwitches } from '@/lib/change/switch/view-switches';
import { changeNumber } from '@/lib/core/ids';
import { eachInWorld, start, stopWorkers, world } from './testing/fixture';
import { change, planned, reaches, requested, signed, status, until, writes } from './testing/world';

eachInWorld({ minReadySeconds: 2 });

const reason = 'The payment provider is down.';
const pull = (input: Partial<Parameters<typeof pullSwitch>[0]['input']> = {}, actor = world.people.sre) =>
  pullSwitch(
    {
      actor,
      config: world.config,
      input: { verb: 'freeze', scope: 'everywhere', target: null, reason, ...input },
    },
    world.db,
  );
const release = (id: string, actor = world.people.sre) =>
  releaseSwitch({ actor, config: world.config, id, reason: 'It is back.' }, world.db);
const releaseByTwo = async (id: string) => {
  expect(await release(id)).toEqual({ released: false });
  expect(await release(id, world.people.devops)).toEqual({ released: true });
};
/** What is staged and what the worker has sequenced already; sequencing keeps the order. */
const audited = async () => {
  const where = { action: { startsWith: 'switch.' } };
  const [entries, staged] = await Promise.all([
    world.db.auditEntry.findMany({ where, orderBy: { seq: 'asc' } }),
    world.db.auditStaged.findMany({ orderBy: { n: 'asc' } }),
  ]);
  return [...entries, ...staged]
    .map(({ body }) => JSON.parse(body))
    .filter(({ action }) => action.startsWith('switch.'))
    .map(({ action, result }) => `${action} ${result}`);
};

async function started(id?: string): Promise<string> {
  const begun = id ?? (await requested(world, '2.0.0'));
  await signed(world, begun);
  await until('the new version is written', () => status(world.cluster.store).version === '2.0.0');
  return begun;
}
const end = (id: string) => reaches(world, id, 'Succeeded', 'BackedOut', 'Failed', 'Voided');

/** The worker has looked again, and found the new version failing. */
const failingSeen = (id: string) =>
  until('the guard failed several times', async () => {
    const where = { changeNumber: changeNumber(id), verdict: 'FAIL' };
    return (await world.db.measurement.count({ where })) >= 3;
  });

test('fault 29: a FREEZE between the decision and the announcement of a write: it is not announced', async () => {
  await stopWorkers();
  let announced = 0;
  let frozen = '';
  // The first time forth, the third time back.
  await start({
    reached: async (point) => {
      if (point !== 'before-intent') return;
      announced += 1;
      if (announced === 1 || announced === 3) frozen = (await pull()).id;
    },
  });
  const id = await requested(world, '2.0.0');
  const stands = async (times: number, intents: number) => {
    await until('it was about to write', () => announced === times);
    await reaches(world, id, 'Frozen', 'Succeeded', 'BackedOut', 'Failed');
    expect((await change(world, id)).state).toBe('Frozen');
    expect([await world.db.intent.count(), writes(world).length]).toEqual([intents, intents]);
    await releaseByTwo(frozen);
  };
  await signed(world, id);
  await stands(1, 0);
  await until('the new version is written', () => status(world.cluster.store).version === '2.0.0');
  await abortChange({ actor: world.people.sre, id, reason: 'Not wanted any more.' }, world.db);
  await stands(3, 1);
  await end(id);
  expect((await change(world, id)).state).toBe('BackedOut');
  expect(writes(world)).toHaveLength(2);
});

test('FREEZE stands a rollout still in both directions; released by two, the abort is carried out', async () => {
  const id = await started();
  const { id: frozen } = await pull({ scope: 'cluster', target: 'us-east-1' });
  await reaches(world, id, 'Frozen');
  const before = writes(world).length;
  await abortChange({ actor: world.people.engineering, id, reason: 'It fails.' }, world.db);
  world.prometheus.set('2.0.0', { total: 200, failed: 60 });
  await failingSeen(id);
  expect((await change(world, id)).state).toBe('Frozen');
  expect(writes(world)).toHaveLength(before);
  expect(await release(frozen)).toEqual({ released: false });
  await expect(release(frozen)).rejects.toThrow(/another person has to confirm/);
  expect((await change(world, id)).state).toBe('Frozen');
  expect(await release(frozen, world.people.devops)).toEqual({ released: true });
  await end(id);
  const ended = await change(world, id);
  expect([ended.state, JSON.stringify(ended.outcome)]).toEqual([
    'BackedOut',
    expect.stringContaining('Ella Lindqvist aborted: It fails.'),
  ]);
  expect(await audited()).toEqual([
    'switch.pulled ok',
    'switch.release_asked ok',
    'switch.released refused',
    'switch.released ok',
  ]);
});

test("a person's pause outlives a FREEZE", async () => {
  const id = await started();
  await pauseChange({ actor: world.people.sre, id, reason: 'A look at a graph.' }, world.db);
  await reaches(world, id, 'Paused');
  const { id: frozen } = await pull({ scope: 'service', target: 'fraiseql-api' });
  await reaches(world, id, 'Frozen');
  await releaseByTwo(frozen);
  await reaches(world, id, 'Paused', 'Running', 'Succeeded');
  expect((await change(world, id)).state).toBe('Paused');
  await resumeChange({ actor: world.people.sre, id, reason: 'It was nothing.' }, world.db);
  await end(id);
  expect((await change(world, id)).state).toBe('Succeeded');
});

test('BACK OUT sends what runs back in the name of who pulled it, and keeps the next from starting', async () => {
  const first = await requested(world, '2.0.0');
  const waiting = await requested(world, '3.0.0');
  const id = await started(first);
  await signed(world, waiting);
  const { id: pulled } = await pull({ verb: 'back-out' }, world.people.devops);
  await end(id);
  const ended = await change(world, id);
  expect([ended.state, JSON.stringify(ended.outcome)]).toEqual([
    'BackedOut',
    expect.stringContaining('BACK OUT everywhere, by Dara Okafor'),
  ]);
  expect(writes(world).map(({ impersonated }) => impersonated?.user)).toEqual([
    'sam.reyes@example.com',
    'dara.okafor@example.com',
  ]);
  expect((await change(world, waiting)).state).toBe('Queued');
  expect(
    (await viewSwitches({ actor: world.people.sre, config: world.config }, world.db)).switches,
  ).toMatchObject([{ title: 'BACK OUT everywhere', holds: 1, refusal: null }]);
  const plan = await planned(world, '3.1.0');
  expect(JSON.stringify(plan.prechecks)).toContain('Nothing starts until two people release it.');
  world.prometheus.set('3.0.0', { total: 300, failed: 0 });
  await releaseByTwo(pulled);
  await end(waiting);
  expect((await change(world, waiting)).state).toBe('Succeeded');
});

test('a switch elsewhere is no business of a change, and who may not pull one is refused on the record', async () => {
  await expect(pull({}, world.people.stakeholder)).rejects.toThrow(/Only an SRE or a lead/);
  await expect(pull({ scope: 'cluster', target: 'mars' })).rejects.toThrow(/There is no cluster mars/);
  const [service] = world.config.services;
  if (service === undefined) throw new Error('There is no service.');
  const config = { ...world.config, services: [service, { ...service, id: 'mailer' }] };
  const elsewhere = { verb: 'freeze', scope: 'service', target: 'mailer', reason } as const;
  const pullMailer = () => pullSwitch({ actor: world.people.sre, config, input: elsewhere }, world.db);
  const first = await pullMailer();
  expect(await pullMailer()).toEqual(first);
  const id = await started();
  await end(id);
  expect((await change(world, id)).state).toBe('Succeeded');
  expect(await audited()).toEqual(['switch.pulled refused', 'switch.pulled ok']);
});
