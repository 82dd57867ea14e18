import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { abortChange } from '@/lib/change/steer-change';
import { weightsOf } from '@/worker/testing/routes';
import { readyPods } from '@/worker/testing/staged-world';
import { type Prepared, prepare } from './testing/prepare';
import { runSchedule } from './testing/run-schedule';
import { stagedKinds } from './testing/staged-kinds';
import { type StagedSimulation, startStagedSimulation } from './testing/staged-simulation';

/** Faults of staged changes that need the clock in the test's hands; each test begins with its number. */
const NAMESPACE = 'architect-production';
const OLD = 'v3.1.0';
const Selector = z.object({ spec: z.object({ selector: z.object({ color: z.string() }) }) });

let sim: StagedSimulation;
let prepared: Prepared;
const kind = stagedKinds.find(({ name }) => name === 'blue-green');

beforeAll(async () => {
  sim = await startStagedSimulation();
  if (kind === undefined) throw new Error('There is no blue-green.');
  prepared = await prepare(sim, await kind.ask(sim));
});
afterEach(() => sim.outcomes.clear());
afterAll(async () => {
  await sim.stop();
});

const store = () => sim.clusterOf('us-east-1').store;
const colour = () => Selector.parse(store().get('services', NAMESPACE, 'architect-api')).spec.selector.color;
const ready = () => readyPods(store(), NAMESPACE, 'architect-api');
const podsOf = (version: string) =>
  store()
    .list('pods', NAMESPACE)
    .filter((pod) => JSON.stringify(pod.spec).includes(`architect-api:${version}"`));

/** A canary over a VirtualService: its router can split the requests. */
const canary = stagedKinds.find(({ name }) => name === 'canary over a VirtualService');
const MESH_OLD = '1.8.0';

/** Of two old pods one or both are evicted once the requests are on the new ones, and no successor gets ready. */
async function abortWithLostPod(afterwards: (lostForMs: number) => void | Promise<void>, lost = 1) {
  if (kind === undefined) throw new Error('There is no blue-green.');
  let lostAtMs = 0;
  /** Milliseconds after the loss and ready old pods, each time that the worker looked while the requests were on green. */
  const looks: { ms: number; ready: number }[] = [];
  const outcome = await runSchedule(sim, {
    kind,
    prepared,
    lives: [],
    onPause: async () => {
      if (colour() !== 'green') return;
      if (lostAtMs === 0) {
        lostAtMs = sim.clock.now();
        sim.outcomes.set(OLD, 'never-ready');
        const gone = podsOf(OLD).slice(0, lost);
        expect(gone).toHaveLength(lost);
        for (const pod of gone) store().remove('pods', NAMESPACE, pod.metadata.name);
        await sim.advance(500);
        const { id } = prepared;
        await abortChange({ actor: sim.people.sre, id, reason: 'The new version is not wanted.' }, sim.db);
      }
      looks.push({ ms: sim.clock.now() - lostAtMs, ready: ready() });
      await afterwards(sim.clock.now() - lostAtMs);
    },
  });
  return { outcome, looks };
}

test('fault 26: requests go back to the old pods only when they are all ready again', async () => {
  let mended = false;
  const { outcome, looks } = await abortWithLostPod((lostForMs) => {
    if (mended || lostForMs < 20_000) return;
    mended = true;
    sim.outcomes.clear();
    for (const pod of podsOf(OLD).slice(-1)) store().remove('pods', NAMESPACE, pod.metadata.name);
  });
  expect(looks.some(({ ready: count }) => count === 1)).toBe(true);
  // Nothing moved while one was missing, and it did once it was back: long before the patience ends.
  expect(looks.at(-1)?.ms).toBeGreaterThanOrEqual(20_000);
  expect(looks.at(-1)?.ms).toBeLessThan(50_000);
  expect(outcome.state).toBe('BackedOut');
  expect(outcome.violations).toEqual([]);
});

test('fault 26: an old pod that never comes back holds the requests up for a minute, not for ever', async () => {
  const { outcome, looks } = await abortWithLostPod(() => {});
  expect(looks.every(({ ready: count }) => count === 1)).toBe(true);
  expect(looks.at(-1)?.ms).toBeGreaterThan(55_000);
  expect(looks.at(-1)?.ms).toBeLessThan(90_000);
  expect(outcome.state).toBe('BackedOut');
  // One pod where two are needed: the checker names it, and nothing else.
  expect([...new Set(outcome.violations.map(({ invariant }) => invariant))]).toEqual(['I5']);
});

test('fault 26: a way back without any old pod leaves the requests where they are, and people are told once', async () => {
  const deadlineMs = sim.config.timing.rolloutDeadline * 1000;
  let told: string[] | null = null;
  const { outcome, looks } = await abortWithLostPod(async (lostForMs) => {
    if (told !== null) return;
    if (lostForMs < 1.5 * deadlineMs) {
      await sim.advance(10_000);
      return;
    }
    const rows = await sim.db.observation.findMany({
      where: { changeNumber: prepared.number, kind: 'hold' },
    });
    told = rows.map(({ sentence }) => sentence).filter((text) => text.includes('The change stands still'));
    sim.outcomes.clear();
    for (const pod of podsOf(OLD)) store().remove('pods', NAMESPACE, pod.metadata.name);
  }, 2);
  const before = looks.filter(({ ms }) => ms < 1.5 * deadlineMs);
  expect(before.length).toBeGreaterThan(20);
  expect(before.every(({ ready: count }) => count === 0)).toBe(true);
  expect(told).toEqual([
    expect.stringMatching(/^0 of 2 pods of Deployment architect-api in us-east-1 are ready/),
  ]);
  expect(outcome).toMatchObject({ state: 'BackedOut', violations: [] });
});

test('fault 26: a router with weights gives the old pods their part at once, and the rest as they get ready', async () => {
  if (canary === undefined) throw new Error('There is no canary over a VirtualService.');
  const mesh = await prepare(sim, await canary.ask(sim));
  const weights = () => weightsOf(store(), 'fraiseql-api');
  const old = () => readyPods(store(), 'fraiseql', 'fraiseql-api');
  const pods = () =>
    store()
      .list('pods', 'fraiseql')
      // The pods of the baseline run the old version as well.
      .filter(({ metadata }) => !metadata.name.startsWith('fraiseql-api-baseline-'))
      .filter((pod) => JSON.stringify(pod.spec).includes(`fraiseql-api:${MESH_OLD}"`));
  let lostAtMs = 0;
  let mended = false;
  /** Ready old pods and the weight of the old version, each time that the worker looked after the loss. */
  const looks: { ready: number; weight: number }[] = [];
  const outcome = await runSchedule(sim, {
    kind: canary,
    prepared: mesh,
    lives: [],
    onPause: async () => {
      if (lostAtMs === 0) {
        if (weights()[0] !== 0) return;
        lostAtMs = sim.clock.now();
        sim.outcomes.set(MESH_OLD, 'never-ready');
        const [first] = pods();
        if (first === undefined) throw new Error('There is no old pod.');
        store().remove('pods', 'fraiseql', first.metadata.name);
        await sim.advance(500);
        const reason = 'The new version is not wanted.';
        await abortChange({ actor: sim.people.sre, id: mesh.id, reason }, sim.db);
      }
      looks.push({ ready: old(), weight: weights()[0] ?? 0 });
      if (mended || sim.clock.now() - lostAtMs < 20_000) return;
      mended = true;
      sim.outcomes.clear();
      for (const pod of pods().slice(-1)) store().remove('pods', 'fraiseql', pod.metadata.name);
    },
  });
  // Half of the pods, half of the requests; the other half came when the second one was back.
  expect(looks.some(({ ready, weight }) => ready === 1 && weight === 50)).toBe(true);
  expect(looks.every(({ ready, weight }) => weight <= 50 * ready)).toBe(true);
  expect(outcome.state).toBe('BackedOut');
  expect(outcome.violations).toEqual([]);
});
