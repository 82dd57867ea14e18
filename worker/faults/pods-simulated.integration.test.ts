import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { abortChange } from '@/lib/change/steer-change';
import { readyPods } from '@/worker/testing/staged-world';
import { auditMark, auditSince, type Prepared, prepare } from './testing/prepare';
import { runSchedule, type Schedule } from './testing/run-schedule';
import { BY_PODS } from './testing/simulated-config';
import { byPods } from './testing/staged-kinds';
import { type StagedSimulation, startStagedSimulation } from './testing/staged-simulation';

/** What happens between the writes of two Deployments that share the requests by their pods. */
const NAMESPACE = 'fraiseql';
const OLD = BY_PODS.service;
const NEW = `${BY_PODS.service}-green`;
const VERSION = '8.1.0';
const Wanted = z.object({ spec: z.object({ replicas: z.number() }) });

const kind = byPods.find(({ name }) => name === 'gradual by pods');
let sim: StagedSimulation;
let prepared: Prepared;

beforeAll(async () => {
  sim = await startStagedSimulation();
  if (kind === undefined) throw new Error('There is no gradual deploy by pods.');
  prepared = await prepare(sim, await kind.ask(sim));
});
afterEach(() => sim.outcomes.clear());
afterAll(async () => {
  await sim.stop();
});

const store = () => sim.clusterOf(BY_PODS.region).store;
const wanted = (name: string) => Wanted.parse(store().get('deployments.apps', NAMESPACE, name)).spec.replicas;
const ready = (name: string) => readyPods(store(), NAMESPACE, name);

async function removePod(version: string): Promise<void> {
  const found = store()
    .list('pods', NAMESPACE)
    .find((pod) => JSON.stringify(pod.spec).includes(`${BY_PODS.service}:${version}"`));
  if (found === undefined) throw new Error(`There is no pod of ${version}.`);
  store().remove('pods', NAMESPACE, found.metadata.name);
  await sim.advance(500);
}

const run = (schedule: Partial<Schedule>) => {
  if (kind === undefined) throw new Error('There is no gradual deploy by pods.');
  return runSchedule(sim, { kind, prepared, lives: [], ...schedule });
};

test('the write that stops the old pods is lost, then a new pod: who sends it again waits for that pod', async () => {
  let writes = 0;
  let lostAtMs = 0;
  /** Old pods that are wanted, each time that a worker looked while a new one was missing. */
  const looks: number[] = [];
  const outcome = await run({
    lives: [{ faults: [{ on: 'write', n: 3, action: { kind: 'cut', when: 'before-commit' } }] }],
    onPoint: async (_, name) => {
      if (name !== 'before cluster PATCH') return;
      writes += 1;
      if (writes !== 3) return;
      lostAtMs = sim.clock.now();
      sim.outcomes.set(VERSION, 'never-ready');
      await removePod(VERSION);
    },
    onPause: async () => {
      if (lostAtMs === 0 || sim.outcomes.size === 0) return;
      looks.push(wanted(OLD));
      if (sim.clock.now() - lostAtMs < 60_000) return;
      sim.outcomes.clear();
      for (const pod of store().list('pods', NAMESPACE)) {
        if (pod.metadata.name.startsWith(`${NEW}-`)) store().remove('pods', NAMESPACE, pod.metadata.name);
      }
      await sim.advance(500);
    },
  });
  expect(new Set(looks)).toEqual(new Set([2]));
  expect(looks.length).toBeGreaterThan(5);
  expect(outcome).toMatchObject({ state: 'Succeeded', violations: [], writes: 3 });
});

test('somebody takes old pods and the change is aborted: they are back before the new ones go', async () => {
  let isDone = false;
  const outcome = await run({
    onPause: async () => {
      if (isDone || ready(NEW) === 0) return;
      isDone = true;
      store().change('deployments.apps', NAMESPACE, OLD, (object) => ({
        ...object,
        spec: { ...object.spec, replicas: 1 },
      }));
      await sim.advance(500);
      const { id } = prepared;
      await abortChange({ actor: sim.people.sre, id, reason: 'The new version is not wanted.' }, sim.db);
    },
  });
  // One new pod, the old ones again, and none of the new.
  expect(outcome).toMatchObject({ state: 'BackedOut', violations: [], writes: 3 });
  expect(isDone).toBe(true);
});

test('fault 30: the old pods are not stopped when who signed has lost the role, and the change goes back', async () => {
  const where = { userId: sim.people.engineering.id };
  const grants = await sim.db.roleGrant.findMany({ where });
  let writes = 0;
  const mark = auditMark(sim);
  const outcome = await run({
    onPoint: async (_, name) => {
      if (name === 'after cluster PATCH') writes += 1;
      if (writes === 2) await sim.db.roleGrant.deleteMany({ where });
    },
  });
  await sim.db.roleGrant.createMany({ data: grants });
  // One new pod, both of them, and none of them: the old ones were never written.
  expect(outcome).toMatchObject({ state: 'BackedOut', violations: [], writes: 3 });
  expect([wanted(OLD), ready(OLD)]).toEqual([2, 2]);
  const told = (await auditSince(sim, mark)).filter((body) => body.includes('"change.undo_started"'));
  expect(told).toEqual([expect.stringContaining('The old pods were not stopped: ')]);
});

test('the checker misses the measurement that more new pods and the end of the old ones need', async () => {
  const { violations } = await run({ hides: (body) => body.includes('"change.measured"') });
  expect(violations.map(({ invariant }) => invariant)).toEqual(['I4', 'I4']);
});
