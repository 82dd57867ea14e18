import { expect, test } from 'vitest';
import { routedAtMs } from './judged';
import { newJob, ourJob } from './test-thing';
import { World } from './test-world';

const KEY = 'east/maintenance';

/** A canary of one region that is in maintenance from before its migration until its first requests. */
function maintained(): World {
  const world = new World();
  const job = { do: 'job', region: 'east', cluster: 'east', namespace: 'shop', name: 'm' } as const;
  const off = { mode: 'off' };
  world.steps.splice(
    2,
    0,
    { do: 'write', object: KEY, set: { mode: 'on' } },
    { do: 'drain', object: KEY, seconds: 10 },
    { ...job, spec: '{}', class: 'reversible', timeoutSeconds: 300 },
  );
  const routed = world.steps.findIndex((step) => step.do === 'write' && step.object === 'east/router');
  world.steps.splice(
    routed + 1,
    0,
    { do: 'write', object: KEY, set: off },
    { do: 'drain', object: KEY, seconds: 10 },
  );
  world.back.splice(2, 0, { do: 'write', object: KEY, title: 'Maintenance mode off' });
  world.things.set(KEY, {
    object: {
      key: KEY,
      part: 'maintenance',
      region: 'east',
      cluster: 'east',
      clusterUid: 'east',
      kind: 'ConfigMap',
      namespace: 'shop',
      name: 'api-maintenance',
      uid: KEY,
      baseline: off,
    },
    live: off,
    writer: null,
    keeper: null,
    gone: false,
    ready: 0,
    writes: [],
  });
  world.job = newJob;
  return world;
}

const mode = (world: World) => world.things.get(KEY)?.live['mode'];
const runs = ({ job }: World) => job?.seen?.phase === 'running';
const end = (world: World, phase: 'complete' | 'failed') => {
  if (world.job !== null) world.job = { ...world.job, seen: ourJob(phase) };
};

test('the migration runs while requests are refused, and they are answered before anything is proven', () => {
  const world = maintained();
  world.checking = (move) => {
    if (move.do === 'release') expect(mode(world)).toBe('on');
    // Everything fails while they are refused, and all is well afterwards.
    world.verdict = mode(world) === 'on' ? 'FAIL' : 'PASS';
  };
  world.run(runs);
  end(world, 'complete');
  world.run(({ ended }) => ended);
  expect(world.state).toBe('Succeeded');
  expect(mode(world)).toBe('off');
  const writes = world.moves.flatMap((move) => (move.do === 'act' ? [`${move.object} ${move.verb}`] : []));
  expect(writes.slice(0, 4)).toEqual(['east/new write', `${KEY} write`, 'east/router write', `${KEY} write`]);
});

test('what is measured while requests are refused is judged by nobody', () => {
  const world = maintained();
  world.run(runs);
  end(world, 'complete');
  world.run(() => world.thing('east', 'router').writes.length > 0);
  expect(mode(world)).toBe('on');
  expect(routedAtMs(world.facts(), 'east')).toBeNull();
  world.run(() => mode(world) === 'off');
  expect(routedAtMs(world.facts(), 'east')).toBe(world.things.get(KEY)?.writes.at(-1)?.atMs);
});

test.each(['abort', 'failed migration'] as const)('after a %s requests are answered again', (what) => {
  const world = maintained();
  world.run(runs);
  if (what === 'abort') world.order('abort');
  else end(world, 'failed');
  world.run(({ ended }) => ended);
  expect(world.state).toBe('BackedOut');
  expect(mode(world)).toBe('off');
  expect(world.isAsBefore('east')).toBe(true);
});

test('a version that fails after all of it goes back without touching what is off already', () => {
  const world = maintained();
  world.run(runs);
  end(world, 'complete');
  world.run(({ n, steps }) => steps[n - 1]?.do === 'hold');
  world.verdict = 'FAIL';
  world.run(({ ended }) => ended);
  expect(world.state).toBe('BackedOut');
  expect(mode(world)).toBe('off');
});

test("somebody else's write of the key holds the change and names the writer", () => {
  const world = maintained();
  world.run(runs);
  const thing = world.things.get(KEY);
  if (thing === undefined) throw new Error('There is no ConfigMap.');
  thing.live = { mode: 'off' };
  thing.writer = 'kubectl-edit';
  world.run(({ state }) => state === 'DriftHold');
  expect(world.moves.at(-1)?.sentence).toBe(
    '“kubectl-edit” changed mode of ConfigMap api-maintenance in east.',
  );
});
