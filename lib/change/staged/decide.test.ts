import { expect, test } from 'vitest';
import type { StagedMove } from './facts';
import { keyOf, weights } from './test-plan';
import { World } from './test-world';

const acts = (moves: readonly StagedMove[]) =>
  moves.flatMap((move) => (move.do === 'act' ? [`${move.verb} ${move.object}`] : []));
const holds = (world: World) => ['Paused', 'DataHold', 'DriftHold', 'Frozen'].includes(world.state);
const inHold = (world: World) => world.steps[world.n - 1]?.do === 'hold';

test('a canary goes through its steps in order and ends well', () => {
  const world = new World(['east', 'west']);
  world.run(({ ended }) => ended);
  expect(world.state).toBe('Succeeded');
  expect(acts(world.moves)).toEqual([
    'write east/new',
    'write east/router',
    'write east/router',
    'write west/new',
    'write west/router',
    'write west/router',
  ]);
  expect(world.thing('west', 'router').live).toEqual(weights(100));
});

test('a failing version goes back: requests first, then time for connections, then its pods', () => {
  const world = new World();
  world.run(inHold);
  world.verdict = 'FAIL';
  world.run(({ ended }) => ended);
  expect(world.state).toBe('BackedOut');
  expect(acts(world.moves).slice(-2)).toEqual(['restore east/router', 'restore east/new']);
  expect(world.moves.some(({ sentence }) => sentence.startsWith('Draining'))).toBe(true);
  expect(world.moves.find(({ do: kind }) => kind === 'back-out')?.sentence).toContain('3 times in a row');
  expect(world.isAsBefore('east')).toBe(true);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])('an abort in step %i puts everything back', (n) => {
  const world = new World();
  world.run((one) => one.n === n);
  world.order('abort');
  world.run(({ ended }) => ended);
  expect(world.state).toBe('BackedOut');
  expect(world.isAsBefore('east')).toBe(true);
});

test('an abort before the first write has nothing to put back', () => {
  const world = new World();
  world.order('abort');
  world.run(({ ended }) => ended);
  expect(acts(world.moves)).toEqual([]);
  expect(world.moves.at(-1)?.sentence).toContain('Nothing had been written');
});

test('a hand edit holds the change and names who wrote; it goes on only when it is undone', () => {
  const world = new World();
  world.run(inHold);
  world.edit('east', 'router', weights(50), 'kubectl-edit');
  world.run(holds);
  expect(world.state).toBe('DriftHold');
  expect(world.moves.at(-1)?.sentence).toBe(
    '“kubectl-edit” changed the routes of VirtualService api-router in east.',
  );
  world.order('resume');
  world.tick();
  expect(world.refused.at(-1)).toContain('Put it back, or abort');
  world.edit('east', 'router', weights(5), 'kubectl-edit');
  world.order('resume');
  world.tick();
  expect(world.state).toBe('Running');
  world.run(({ ended }) => ended);
  expect(world.state).toBe('Succeeded');
});

test('an abort overwrites a hand edit, a failing version does not', () => {
  for (const by of ['abort', 'guard'] as const) {
    const world = new World();
    world.run(inHold);
    if (by === 'guard') {
      world.verdict = 'FAIL';
      world.run(({ backingOut }) => backingOut);
    } else world.order('abort');
    world.edit('east', 'router', weights(50), 'kubectl-edit');
    world.run((one) => one.ended || holds(one));
    expect(world.state, by).toBe(by === 'abort' ? 'BackedOut' : 'DriftHold');
    if (by === 'abort') continue;
    expect(world.moves.at(-1)?.sentence).toContain('“kubectl-edit”');
    world.order('resume');
    world.run(({ ended }) => ended);
    expect(world.isAsBefore('east')).toBe(true);
  }
});

test('a reverter is met twice, then held and named', () => {
  const world = new World();
  world.thing('east', 'router').keeper = "Argo CD's Application shop";
  world.run(inHold);
  world.edit('east', 'router', weights(0), 'argocd-controller');
  world.tick();
  expect(world.thing('east', 'router').live).toEqual(weights(5));
  expect(world.state).toBe('Running');
  world.edit('east', 'router', weights(0), 'argocd-controller');
  world.tick();
  expect(world.state).toBe('DriftHold');
  const { sentence } = world.moves.at(-1) ?? { sentence: '' };
  expect(sentence).toContain("Argo CD's Application shop");
  expect(sentence).toContain('.spec.http[].route[].weight');
  // Its rule is mended: resuming writes the weights once more, for nobody else wants another thing.
  world.order('resume');
  world.tick();
  expect(world.thing('east', 'router').live).toEqual(weights(5));
  expect(world.state).toBe('Running');
});

test('without a GitOps controller the same revert is a hand edit', () => {
  const world = new World();
  world.run(inHold);
  world.edit('east', 'router', weights(0), 'kubectl-patch');
  world.tick();
  expect(world.state).toBe('DriftHold');
});

test('a promotion ends the hold that was seen, and no other step', () => {
  const world = new World();
  world.run(inHold);
  const { n } = world;
  world.order('promote', n - 1);
  world.tick();
  expect(world.refused.at(-1)).toContain(`step ${n} runs`);
  world.order('promote', n);
  world.tick();
  expect(world.n).toBe(n + 1);
  world.order('promote', n);
  world.tick();
  expect(world.refused.at(-1)).toContain(`step ${n} does not hold any more`);
});

test('a pause keeps the weights, and an abort outranks it', () => {
  const world = new World();
  world.run(inHold);
  world.order('pause');
  world.tick();
  expect(world.state).toBe('Paused');
  const before = world.thing('east', 'router').live;
  for (let round = 0; round < 50; round += 1) world.tick();
  expect(world.thing('east', 'router').live).toEqual(before);
  world.order('promote', world.n);
  world.tick();
  expect(world.refused.at(-1)).toContain('held');
  world.order('resume');
  world.order('abort');
  world.run(({ ended }) => ended);
  expect(world.state).toBe('BackedOut');
});

test('FREEZE stops every write, also of the way back, and BACK OUT goes back', () => {
  const by = { id: '1', name: 'Carla', email: 'carla@example.org' };
  const world = new World();
  world.run(inHold);
  world.order('abort');
  world.tick();
  expect(world.backingOut).toBe(true);
  world.kill = { id: '1', verb: 'freeze', sentence: 'FREEZE everywhere.', by };
  const count = acts(world.moves).length;
  for (let round = 0; round < 20; round += 1) world.tick();
  expect(world.state).toBe('Frozen');
  expect(acts(world.moves)).toHaveLength(count);
  world.kill = null;
  world.run(({ ended }) => ended);
  expect(world.isAsBefore('east')).toBe(true);

  const other = new World();
  other.run(inHold);
  other.kill = { id: '2', verb: 'back-out', sentence: 'BACK OUT everywhere.', by };
  other.run(({ ended }) => ended);
  expect(other.state).toBe('BackedOut');
});

test('without figures it holds, keeps the weights, and goes on when there are figures again', () => {
  const world = new World();
  world.run(inHold);
  const { n } = world;
  world.verdict = 'ERROR';
  world.run(holds);
  expect(world.state).toBe('DataHold');
  expect(world.n).toBe(n);
  world.verdict = 'PASS';
  world.run(({ ended }) => ended);
  expect(world.state).toBe('Succeeded');
});

test('a hold without end goes back', () => {
  const world = new World();
  world.run(inHold);
  world.verdict = 'NODATA';
  world.run(({ ended }) => ended, 2000);
  expect(world.state).toBe('BackedOut');
});

test('requests that do not follow the weights send the change back; too few hold it', () => {
  for (const [verdict, state] of [
    ['FAIL', 'BackedOut'],
    ['NODATA', 'DataHold'],
  ] as const) {
    const world = new World();
    world.proof.verdict = verdict;
    world.run((one) => one.ended || holds(one));
    expect(world.state, verdict).toBe(state);
  }
});

test('pods that never start send it back before a single request went there', () => {
  const world = new World();
  world.stuck = true;
  world.run(({ ended }) => ended);
  expect(world.state).toBe('BackedOut');
  expect(world.thing('east', 'router').writes).toEqual([]);
});

test('a new version that loses all its pods under load goes back at once', () => {
  const world = new World();
  world.run(inHold);
  world.thing('east', 'new').ready = 0;
  world.stuck = true;
  world.tick();
  expect(world.moves.at(-1)).toMatchObject({ do: 'back-out', cause: 'guard' });
});

test('a cluster that is silent keeps no other one from going back', () => {
  const world = new World(['east', 'west']);
  world.run((one) => one.thing('west', 'router').writes.length > 0);
  world.silent.set('west', 'west does not answer.');
  world.order('abort');
  for (let round = 0; round < 20; round += 1) world.tick();
  expect(world.isAsBefore('east')).toBe(true);
  expect(world.isAsBefore('west')).toBe(false);
  expect(world.moves.at(-1)?.sentence).toContain('west does not answer');
  world.silent.delete('west');
  world.run(({ ended }) => ended);
  expect(world.isAsBefore('west')).toBe(true);
});

test('finished regions stay when the plan says so, and go back otherwise', () => {
  for (const onFailure of ['keep-finished', 'back-out-all'] as const) {
    const world = new World(['east', 'west']);
    world.onFailure = onFailure;
    world.run((one) => one.thing('west', 'router').writes.length > 0 && inHold(one));
    world.verdicts.set('west', 'FAIL');
    world.run(({ ended }) => ended);
    expect(world.isAsBefore('west'), onFailure).toBe(true);
    expect(world.isAsBefore('east'), onFailure).toBe(onFailure === 'back-out-all');
    if (onFailure === 'keep-finished')
      expect(world.moves.at(-1)?.sentence).toContain('east keeps the new version');
  }
});

test('an object that is gone holds the change', () => {
  const world = new World();
  world.run(inHold);
  world.thing('east', 'router').gone = true;
  world.tick();
  expect(world.state).toBe('DriftHold');
  expect(world.moves.at(-1)?.sentence).toContain('is gone');
  expect(world.things.has(keyOf('east', 'router'))).toBe(true);
});

test('where what ran before was not healthy, only a person goes back', () => {
  const world = new World();
  world.undoIsKnownGood = false;
  world.run(inHold);
  world.verdict = 'FAIL';
  world.run(holds);
  expect(world.state).toBe('DataHold');
  expect(world.moves.at(-1)?.sentence).toContain('abort to go back');
  world.order('abort');
  world.run(({ ended }) => ended);
  expect(world.isAsBefore('east')).toBe(true);
});
