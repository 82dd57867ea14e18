import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { abortChange } from '@/lib/change/steer-change';
import { pullSwitch } from '@/lib/change/switch/pull-switch';
import { releaseSwitch } from '@/lib/change/switch/release-switch';
import type { KubeObject } from '@/sandbox/kubernetes/store';
import { type Enumerated, enumerate } from './testing/generate';
import { kinds, tellFigures } from './testing/kinds';
import { auditMark, auditSince, putBack, takeAway } from './testing/prepare';
import { type Outcome, runSchedule, type Schedule } from './testing/run-schedule';
import { live } from './testing/schedule';
import { LEASE } from './testing/simulated-config';
import { DEPLOYMENT, NAMESPACE, type Simulation, startSimulation } from './testing/simulation';

/** Faults of change-engine.md 5.2 that need the clock in the test's hands; each test begins with its number. */
let sim: Simulation;
let deploy: Enumerated;

beforeAll(async () => {
  sim = await startSimulation();
  tellFigures(sim);
  const [kind] = kinds;
  if (kind === undefined) throw new Error('There is no kind.');
  deploy = await enumerate(sim, kind);
});
afterEach(() => {
  sim.cluster.faults.clear();
  sim.outcomes.clear();
  vi.useRealTimers();
});
afterAll(async () => {
  await sim.stop();
});

const TEN_MINUTES = 600_000;
const run = (schedule: Partial<Schedule> = {}): Promise<Outcome> =>
  runSchedule(sim, { ...deploy, lives: [], ...schedule });
const sentences = () => sim.db.observation.findMany({ select: { sentence: true }, orderBy: { seq: 'asc' } });
const edit = (change: (copy: KubeObject) => KubeObject) =>
  sim.cluster.store.change('deployments.apps', NAMESPACE, DEPLOYMENT, (object) =>
    change(structuredClone(object)),
  );
/** Does something the first time that a worker is about to write. */
function atFirstWrite(work: () => unknown): NonNullable<Schedule['onPoint']> {
  let done = false;
  return async (_, name) => {
    if (done || name !== 'before cluster PATCH') return;
    done = true;
    await work();
  };
}
const ended = (outcome: Outcome) => ({
  state: outcome.state,
  writes: outcome.writes,
  violations: outcome.violations,
});
const wentWell = { state: 'Succeeded', writes: 1, violations: [] };

test('fault 5: what somebody else wrote between the look and the write holds the change', async () => {
  let held = '';
  const outcome = await run({
    onPoint: atFirstWrite(() =>
      edit((copy) =>
        JSON.parse(JSON.stringify(copy).replaceAll(/(fraiseql-api:)\d+\.\d+\.\d+"/g, '$1stranger"')),
      ),
    ),
    onPause: async () => {
      const row = await sim.db.change.findUniqueOrThrow({ where: { number: deploy.prepared.number } });
      if (row.state !== 'DriftHold') return;
      held = JSON.stringify(row.hold);
      const { id } = deploy.prepared;
      await abortChange({ actor: sim.people.sre, id, reason: 'Somebody else is at it.' }, sim.db);
    },
  });
  expect(held).toContain('changed the Deployment');
  expect(outcome.violations).toEqual([]);
  expect(outcome.state).toBe('BackedOut');
});

test('fault 5: a conflict over what the change does not write is no drift', async () => {
  const outcome = await run({
    onPoint: atFirstWrite(() =>
      edit((copy) => ({ ...copy, metadata: { ...copy.metadata, labels: { touched: 'yes' } } })),
    ),
  });
  expect(ended(outcome)).toEqual(wentWell);
});

test('fault 7: a write that the API server calls invalid is sent once', async () => {
  sim.cluster.faults.add({ method: 'PATCH', action: { kind: 'status', code: 422, reason: 'Invalid' } });
  const from = sim.cluster.writeLog.length;
  const outcome = await run();
  expect(ended(outcome)).toEqual({ state: 'Failed', writes: 0, violations: [] });
  expect(sim.cluster.writeLog.since(from)).toHaveLength(1);
});

test('fault 8: a list that has expired is asked for anew, and nothing is decided from the gap', async () => {
  const gap = { id: 'gap', method: 'GET', path: '/pods$' } as const;
  const row = () => sim.db.change.findUniqueOrThrow({ where: { number: deploy.prepared.number } });
  const versions: number[] = [];
  let sinceMs = 0;
  let heard = '';
  const outcome = await run({
    onPause: async () => {
      const { state, version } = await row();
      if (sinceMs === 0) {
        if (state !== 'Watching') return;
        sinceMs = sim.clock.now();
        sim.cluster.faults.add({ ...gap, action: { kind: 'status', code: 410, reason: 'Expired' } });
      }
      // Long after the end of the watch: whoever took the lost list for an empty one would have ended the change.
      if (sim.cluster.faults.list().some(({ id }) => id === 'gap')) versions.push(version);
      if (sim.clock.now() - sinceMs < 20_000) return;
      if (sim.cluster.faults.remove('gap')) heard = (await sentences()).map((one) => one.sentence).join('\n');
    },
  });
  expect(versions.length).toBeGreaterThan(3);
  expect(new Set(versions).size).toBe(1);
  expect(heard).toMatch(/410/);
  expect(ended(outcome)).toEqual(wentWell);
});

test('fault 9: too many requests are obeyed, and the hold of the change is not longer for it', async () => {
  const seconds = 40;
  const watched = async (schedule: Partial<Schedule> = {}) => {
    const mark = auditMark(sim);
    expect(ended(await run(schedule))).toEqual(wentWell);
    return watchedMs(mark);
  };
  const usualMs = await watched();
  sim.cluster.faults.add({ method: 'PATCH', count: 3, action: { kind: 'too-many-requests', seconds } });
  const from = sim.cluster.writeLog.length;
  // By a look at most, and not by what the writes waited.
  expect((await watched()) - usualMs).toBeLessThan(seconds * 1000);
  const tries = sim.cluster.writeLog.since(from);
  expect(tries.map(({ status }) => status)).toEqual([429, 429, 429, 200]);
  const waits = tries.slice(1).map(({ atMs }, index) => atMs - (tries[index]?.atMs ?? 0));
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(seconds * 1000);
});

test('fault 10: an API server that is down for ten minutes ends no change', async () => {
  // The pods need 400 of the 600 s of the rollout when the server is back: it has to have all of them left.
  const NEEDED = 400_000;
  let downAtMs = 0;
  let upAtMs = 0;
  let heard: string[] = [];
  sim.outcomes.set('2.0.0', 'never-ready');
  const outcome = await run({
    onPause: async (pause) => {
      if (pause === 1) {
        downAtMs = sim.clock.now();
        // The cluster's own clock of the rollout, which runs on, is not what this is about.
        edit((copy) => ({ ...copy, spec: { ...copy.spec, progressDeadlineSeconds: 3600 } }));
        sim.cluster.faults.add({ id: 'down', action: { kind: 'status', code: 503 } });
      }
      if (sim.clock.now() - downAtMs < TEN_MINUTES) return;
      if (sim.cluster.faults.remove('down')) {
        heard = (await sentences()).map(({ sentence }) => sentence);
        upAtMs = sim.clock.now();
      }
      if (!sim.outcomes.has('2.0.0')) return;
      await sim.advance(10_000);
      if (sim.clock.now() - upAtMs < NEEDED) return;
      sim.outcomes.clear();
      for (const pod of sim.cluster.store.list('pods', NAMESPACE))
        if (JSON.stringify(pod.spec).includes('fraiseql-api:2.0.0"'))
          sim.cluster.store.remove('pods', NAMESPACE, pod.metadata.name);
    },
  });
  expect(sim.clock.now() - upAtMs).toBeGreaterThan(NEEDED);
  expect(heard.filter((text) => /answered 503.*The change stands still/.test(text))).toHaveLength(1);
  expect(ended(outcome)).toEqual(wentWell);
});

test('fault 13: a second worker finds nothing to claim while the lease of the first one stands', async () => {
  await putBack(sim, deploy.prepared);
  const first = live(sim, 0, { stopAt: 60 });
  await first.gate.stopped;
  const second = await live(sim, 1, {}).over;
  expect(second.end).toBe('nothing');
  first.gate.resume();
  const { end } = await first.over;
  expect(['ended', 'broken']).toContain(end);
  await takeAway(sim, deploy.prepared.number);
  await sim.reset();
});

test('fault 14: a request that a proxy sends twice is carried out once', async () => {
  const from = sim.cluster.writeLog.length;
  const outcome = await run({ lives: [{ faults: [{ on: 'write', n: 1, action: { kind: 'duplicate' } }] }] });
  expect(ended(outcome)).toEqual(wentWell);
  expect(sim.cluster.writeLog.since(from).map(({ status }) => status)).toEqual([200, 409]);
});

test('fault 14: the same order twice is one', async () => {
  const { id, number } = deploy.prepared;
  let orders = 0;
  const outcome = await run({
    onPause: async (pause) => {
      if (pause !== 1) return;
      const order = () => abortChange({ actor: sim.people.sre, id, reason: 'A double click.' }, sim.db);
      await Promise.all([order(), order()]);
      orders = await sim.db.command.count({ where: { changeNumber: number } });
    },
  });
  expect(orders).toBe(1);
  expect(ended(outcome)).toEqual({ state: 'BackedOut', writes: 2, violations: [] });
});

test('fault 18: a worker that is cut off from the cluster gives the change to one that is not', async () => {
  const cut = Array.from({ length: 400 }, (_, index) => index + 1);
  const faults = cut.map(
    (n) => ({ on: 'read', n: n + 12, action: { kind: 'cut', when: 'before-commit' } }) as const,
  );
  const outcome = await run({ lives: [{ faults }] });
  expect(outcome.lives.map(({ end }) => end)).toEqual(['waiting', 'ended']);
  expect(ended(outcome)).toEqual(wentWell);
});

test.each([TEN_MINUTES, -TEN_MINUTES])(
  'fault 19: a worker whose clock is %s ms off watches as long',
  async (ms) => {
    const mark = auditMark(sim);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const outcome = await run({
      onPause: async (pause) => {
        if (pause === 1) vi.setSystemTime(Date.now() + ms);
      },
    });
    expect(ended(outcome)).toEqual(wentWell);
    expect(await watchedMs(mark)).toBeGreaterThanOrEqual(1000);
  },
);

test('fault 19: a database whose clock steps back makes the watch longer, never shorter', async () => {
  const mark = auditMark(sim);
  const outcome = await run({
    onPause: async (pause) => {
      if (pause === 2) await sim.admin.query(`UPDATE app.virtual_time SET at = at - interval '10 s'`);
    },
  });
  expect(outcome.state).toBe('Succeeded');
  expect(outcome.writes).toBe(1);
  expect(await watchedMs(mark)).toBeGreaterThanOrEqual(1000);
});

async function watchedMs(mark: number): Promise<number> {
  const entries = (await auditSince(sim, mark)).map((body) => JSON.parse(body));
  const at = (action: string) => Date.parse(entries.findLast((entry) => entry.action === action).at);
  return at('change.succeeded') - at('change.watching');
}

test('fault 29: a FREEZE between the check and the call lets that one call end and no other begin', async () => {
  const { people, config, db } = sim;
  const input = { verb: 'freeze', scope: 'everywhere', target: null, reason: 'Everything stops.' } as const;
  let pulled = '';
  let frozenAt = 0;
  const states: string[] = [];
  const from = sim.cluster.writeLog.length;
  sim.prometheus.set('2.0.0', { total: 400, failed: 300 });
  const outcome = await run({
    onPoint: atFirstWrite(async () => {
      pulled = (await pullSwitch({ actor: people.sre, config, input }, db)).id;
    }),
    onPause: async (pause) => {
      if (pulled === '') return;
      const row = await db.change.findUniqueOrThrow({ where: { number: deploy.prepared.number } });
      states.push(row.state);
      if (row.state === 'Frozen' && frozenAt === 0) frozenAt = pause;
      if (frozenAt === 0 || pause !== frozenAt + 5) return;
      // Five looks at a version that fails, and nothing was written.
      expect(sim.cluster.writeLog.since(from)).toHaveLength(1);
      for (const actor of [people.sre, people.devops])
        await releaseSwitch({ actor, config, id: pulled, reason: 'It is over now.' }, db);
    },
  });
  tellFigures(sim);
  expect(states).toContain('Frozen');
  expect(ended(outcome)).toEqual({ state: 'BackedOut', writes: 2, violations: [] });
});

test('fault 31: without an audit entry there is no act', async () => {
  await sim.admin.query(`
    CREATE FUNCTION app.full() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON audit.staged FOR EACH ROW
      WHEN (NEW.body LIKE '%"change.intent"%') EXECUTE FUNCTION app.full();`);
  await putBack(sim, deploy.prepared);
  const from = sim.cluster.writeLog.length;
  const { end, error } = await live(sim, 0, {}).over;
  expect(end).toBe('broken');
  expect(String(error)).toContain('No space left on device');
  expect(await sim.db.intent.count()).toBe(0);
  expect(sim.cluster.writeLog.since(from)).toHaveLength(0);
  await sim.admin.query('DROP TRIGGER full_disk ON audit.staged; DROP FUNCTION app.full();');
  await sim.advance((LEASE + 1) * 1000);
  expect((await live(sim, 1, {}).over).end).toBe('ended');
  expect(sim.cluster.writeLog.since(from)).toHaveLength(1);
  await takeAway(sim, deploy.prepared.number);
  await sim.reset();
});
