import { expect, test } from 'vitest';
import { fresh, missing, stale } from '@/lib/core/reading';
import type { PairNow } from '@/lib/service/pair';
import type { PlaceObjects } from '@/lib/service/pods';
import { Deployment, Pod } from '@/lib/sources/kubernetes/schema';
import { explainVersion, type PlaceChange, placeNow } from './running';

const change = (id: string, toVersion: string, more: Partial<PlaceChange> = {}): PlaceChange => ({
  id,
  title: `Deploy API to ${toVersion}`,
  requesterName: 'Sam',
  state: 'Succeeded',
  fromVersion: 'v0',
  toVersion,
  isPartial: false,
  wrote: true,
  isBack: more.state === 'BackedOut',
  startedAt: '2026-11-21T14:00:00.000Z',
  finishedAt: '2026-11-21T14:10:00.000Z',
  ...more,
});
const by = (version: string, changes: PlaceChange[]) => explainVersion(version, changes).by?.id ?? null;

test('the newest change that put the version there', () => {
  const again = [change('c-3', 'v2', { fromVersion: 'v2' }), change('c-2', 'v2'), change('c-1', 'v1')];
  expect(by('v2', again)).toBe('c-3');
});

test('one that was backed out put nothing there', () => {
  const bad = change('c-2', 'v2', { state: 'BackedOut', fromVersion: 'v1' });
  expect(by('v1', [bad, change('c-1', 'v1')])).toBe('c-1');
  expect(by('v2', [bad, change('c-1', 'v1')])).toBeNull();
});

test('one that was backed out explains a region that kept its version', () => {
  const kept = change('c-2', 'v2', { state: 'BackedOut', isBack: false, fromVersion: 'v1' });
  expect(by('v2', [kept, change('c-1', 'v1')])).toBe('c-2');
  expect(explainVersion('v1', [kept, change('c-1', 'v1')]).unexplained).toMatch(/^c-2 set v2 last/);
});

test('while a change runs, each of both versions has its own', () => {
  const now = change('c-2', 'v2', { state: 'Running', fromVersion: 'v1', finishedAt: null });
  const all = [now, change('c-1', 'v1')];
  expect(explainVersion('v2', all).by).toMatchObject({ id: 'c-2', isRunning: true });
  expect(explainVersion('v1', all).by).toMatchObject({ id: 'c-1', isRunning: false });
});

test('a shift of a part leaves the rest where it was', () => {
  const part = change('c-2', 'v2', { isPartial: true, fromVersion: 'v1' });
  expect(by('v1', [part, change('c-1', 'v1')])).toBe('c-1');
  expect(by('v2', [part, change('c-1', 'v1')])).toBe('c-2');
  expect(by('v3', [part, change('c-1', 'v1')])).toBeNull();
});

test('after one that failed, what it replaced may still run', () => {
  const failed = change('c-2', 'v2', { state: 'Failed', fromVersion: 'v1' });
  expect(by('v1', [failed, change('c-1', 'v1')])).toBe('c-1');
  expect(by('v2', [failed, change('c-1', 'v1')])).toBe('c-2');
});

test('another version than the last change set is somebody else’s, however often it ran before', () => {
  const all = [change('c-2', 'v2', { fromVersion: 'v1' }), change('c-1', 'v1')];
  expect(explainVersion('v1', all)).toEqual({
    by: null,
    unexplained: 'c-2 set v2 last; somebody else has put this version there.',
  });
  expect(explainVersion('v9', []).unexplained).toBe('No change that is recorded here set it.');
});

test('what wrote nothing explains nothing', () => {
  const never = change('c-2', 'v2', { state: 'Failed', wrote: false });
  expect(by('v2', [never, change('c-1', 'v1')])).toBeNull();
  expect(by('v1', [never, change('c-1', 'v1')])).toBe('c-1');
});

const container = (version: string) => ({ name: 'api', image: `registry.example.com/api:${version}` });
const pod = (name: string, version: string, ready = true) =>
  Pod.parse({
    metadata: { name, uid: name },
    spec: { containers: [container(version)] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  });
const objects: PlaceObjects = {
  serving: [
    Deployment.parse({
      metadata: { name: 'api', uid: 'd' },
      spec: { replicas: 3, selector: {}, template: { spec: { containers: [container('v2')] } } },
    }),
  ],
  pair: null,
  pods: [pod('a', 'v2'), pod('b', 'v2', false), pod('c', 'v1')],
};
const placement = {
  region: 'us-east-1',
  cluster: 'one',
  namespace: 'api',
  deployment: 'api',
  container: 'api',
};
const at = '2026-11-21T14:05:00.000Z';

test('a place tells its versions with their pods and changes, as fresh or as old as the cluster', () => {
  const changes = [change('c-2', 'v2', { fromVersion: 'v1' })];
  const now = placeNow('production', placement, fresh(objects, new Date(at)), changes);
  expect(now).toMatchObject({ environment: 'production', region: 'us-east-1', cluster: 'one', desired: 3 });
  expect(now.running).toMatchObject({
    state: 'fresh',
    observedAt: at,
    value: [
      { version: 'v2', pods: 2, ready: 1, by: { id: 'c-2' }, unexplained: null },
      { version: 'v1', pods: 1, ready: 1, by: null, unexplained: expect.stringContaining('somebody else') },
    ],
  });
  const old = placeNow('production', placement, stale(objects, at, 'timeout', 'Too slow.'), changes);
  expect(old.running).toMatchObject({ state: 'stale', reason: 'timeout', value: [{ version: 'v2' }, {}] });
  const gone = placeNow('production', placement, missing('unreachable', 'Away.'), changes);
  expect(gone).toMatchObject({ desired: null, running: { state: 'missing', detail: 'Away.' } });
});

test('while both colours take requests each is named with its share, and the idle one does not run', () => {
  const [deployment = null] = objects.serving;
  const of = (colour: 'blue' | 'green', share: number, pods: PlaceObjects['pods']) => ({
    ...{ colour, name: colour, deployment, version: 'v1', pods, ready: pods.length, share },
  });
  const now = (blue: number): PairNow => ({
    blue: of('blue', blue, [pod('a', 'v1'), pod('b', 'v1')]),
    green: of('green', 100 - blue, [pod('c', 'v2')]),
    live: blue === 100 ? 'blue' : 'both',
    unknown: null,
  });
  const running = (pair: PairNow) =>
    placeNow('production', placement, fresh({ ...objects, pair }, new Date(at)), [change('c-1', 'v1')])
      .running;
  expect(running(now(95))).toMatchObject({
    value: [
      { colour: 'blue', share: 0.95, version: 'v1', pods: 2, by: { id: 'c-1' } },
      { colour: 'green', share: 0.05, version: 'v2', pods: 1, by: null },
    ],
  });
  expect(running(now(100))).toMatchObject({ value: [{ colour: 'blue', share: 1, version: 'v1', pods: 2 }] });
});
