import { expect, test } from 'vitest';
import { fresh, missing, type Reading, stale } from '@/lib/core/reading';
import { burnRules, judgeRule } from '@/lib/slo/math/burn';
import { tallyOf } from '@/lib/slo/math/counts';
import { objectiveOf } from '@/lib/slo/math/objective';
import type { ServiceRow, ServiceState } from './contract';
import { judgement } from './judgement';
import { matches, severityOf } from './match-alert';
import type { PlaceObjects } from './pods';
import { type Evidence, judge } from './state';
import { versionOfImage } from './version';
import { isOwnEvent } from './workloads';

const at = new Date('2026-11-21T10:00:00Z');

type Shape = { desired?: number; ready?: number; updated?: number; reason?: string | null; stuck?: boolean };

function objects({
  desired = 3,
  ready = 3,
  updated = desired,
  reason = null,
  stuck = false,
}: Shape): Reading<PlaceObjects> {
  const pods = Array.from({ length: desired }, (_, index) => ({
    uid: `p${index}`,
    name: `shop-${index}`,
    namespace: 'shop',
    owner: null,
    labels: {},
    phase: 'Running',
    terminating: false,
    ready: index < ready,
    reason: index < ready ? null : reason,
    restarts: 0,
    node: null,
    startedAt: null,
    containers: [],
  }));
  const conditions = stuck
    ? [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: '' }]
    : [];
  const deployment = {
    uid: 'd',
    name: 'shop',
    namespace: 'shop',
    owner: null,
    generation: 2,
    observedGeneration: 2,
    revision: '1',
    paused: false,
    desired,
    replicas: desired,
    updated,
    ready,
    available: ready,
    containers: [],
    selector: {},
    conditions,
    material: { template: {}, strategy: {}, selector: {} },
  };
  return fresh({ serving: [deployment], pods, pair: null }, at);
}

/** The pairs of 99.9 % over 30 days when this share of the requests fails all the time. */
function pairsOf(ratio: number): Evidence['pairs'] {
  const objective = objectiveOf('99.9');
  const tally = tallyOf({ good: 1000 - 1000 * ratio, bad: 1000 * ratio, total: 1000 });
  return burnRules(objective, 2_592_000).map((rule) => judgeRule(rule, () => tally, objective, 1));
}

const calm: Evidence = {
  errorRatio: fresh(0, at),
  requestRate: fresh(10, at),
  pairs: pairsOf(0),
  objects: objects({}),
  alerts: [],
  change: null,
};
const burning = pairsOf;

test.each<[ServiceState, Partial<Evidence>, RegExp | null]>([
  ['healthy', {}, null],
  [
    'down',
    { objects: objects({ ready: 0, reason: 'CrashLoopBackOff' }) },
    /^None of 3 pods is ready \(CrashLoopBackOff\)/,
  ],
  ['down', { errorRatio: fresh(0.95, at) }, /^95 % of the requests fail/],
  ['down', { objects: objects({ desired: 0, ready: 0 }) }, /scaled to zero/],
  ['burning-fast', { pairs: burning(0.02) }, /burns 20× over 1 h \(threshold 14×\)/],
  ['burning-slow', { pairs: burning(0.004) }, /burns 4\.0× over 1 d/],
  [
    'degraded',
    { objects: objects({ ready: 2, reason: 'ImagePullBackOff' }) },
    /is not ready \(ImagePullBackOff\)/,
  ],
  ['degraded', { objects: objects({ stuck: true }) }, /progress deadline/],
  [
    'no-data',
    { requestRate: missing('unreachable', 'Prometheus main refuses connections.') },
    /refuses connections/,
  ],
  [
    'no-data',
    { requestRate: stale(10, at.toISOString(), 'timeout', 'It did not answer.') },
    /did not answer/,
  ],
  ['no-data', { objects: missing('unauthorised', 'No right to read.') }, /No right to read/],
  ['deploying', { objects: objects({ updated: 1 }) }, /1 of 3 pods are new/],
  ['deploying', { objects: objects({ ready: 2, updated: 1, reason: 'ContainerCreating' }) }, /1 of 3/],
  ['deploying', { change: 'Deploy Shop API: watching.' }, /^Deploy Shop API/],
])('%s: %o', (state, evidence, cause) => {
  const judged = judge({ ...calm, ...evidence });
  expect(judged.state).toBe(state);
  if (cause === null) expect(judged.cause).toBeNull();
  else expect(judged.cause).toMatch(cause);
});

test('no requests is no outage: the pods decide', () => {
  const silent = {
    requestRate: fresh(0, at),
    errorRatio: missing('no-series' as const, 'No requests arrived.'),
  };
  expect(judge({ ...calm, ...silent }).state).toBe('healthy');
});

const row = (name: string, region: string, state: ServiceState): ServiceRow => ({
  service: name.toLowerCase(),
  name,
  region,
  environment: 'production',
  state,
  cause: state === 'healthy' ? null : 'Because.',
  slo: null,
  figures: {
    requestRate: fresh(1, at),
    errorRatio: fresh(0, at),
    p95Seconds: fresh(0, at),
    budgetLeft: fresh(1, at),
    burnRate1h: fresh(0, at),
  },
  sparkline: fresh([], at),
  versions: fresh([], at),
  alerts: 0,
  lastChange: null,
});

test.each<[ServiceRow[], ServiceState, string, string]>([
  [[], 'no-data', 'Nothing runs in this environment.', ''],
  [
    [row('A', 'us', 'healthy')],
    'healthy',
    'A is healthy.',
    'No error budget burns faster than its alerts allow.',
  ],
  [
    [row('A', 'us', 'healthy'), row('B', 'us', 'down')],
    'down',
    'B is down in us.',
    'Because. A is healthy in us.',
  ],
  [
    [row('A', 'us', 'degraded'), row('A', 'eu', 'degraded'), row('B', 'us', 'no-data')],
    'degraded',
    'A is degraded in 2 regions.',
    'B cannot be judged in us.',
  ],
])('the judgement names the worst first', (rows, state, lead, rest) => {
  expect(judgement(rows)).toEqual({ state, lead, rest });
});

test.each([
  ['registry.example.com:5000/a/b:1.8.0', '1.8.0'],
  ['a/b:v1@sha256:0123456789abcdef', 'v1'],
  ['a/b@sha256:0123456789abcdef0123', 'sha256:0123456789ab'],
  ['registry.example.com:5000/a/b', 'latest'],
])('%s runs %s', (image, version) => {
  expect(versionOfImage(image)).toBe(version);
});

test('alert matchers match whole values, and severities have one scale', () => {
  const matcher = (op: '=' | '!=' | '=~' | '!~', value: string) => ({ label: 'service', op, value });
  expect(matches(matcher('=~', 'shop'), { service: 'shop-api' })).toBe(false);
  expect(matches(matcher('=~', 'shop.*'), { service: 'shop-api' })).toBe(true);
  expect(matches(matcher('!~', 'shop.*'), {})).toBe(true);
  expect(matches(matcher('!=', ''), {})).toBe(false);
  expect(matches(matcher('=~', '('), { service: '(' })).toBe(false);
  expect(['page', 'P1', 'Warning', 'high', 'info', undefined, 'x'].map(severityOf)).toEqual([
    'critical',
    'critical',
    'warning',
    'warning',
    'info',
    'unknown',
    'unknown',
  ]);
});

test("events of a workload's pods are told from those of a namesake", () => {
  const placement = { region: 'r', cluster: 'c', namespace: 'n', deployment: 'shop', container: 'shop' };
  const event = (objectKind: string, objectName: string) => ({
    uid: '',
    name: '',
    namespace: '',
    owner: null,
    at: '',
    warning: false,
    reason: '',
    message: '',
    count: 1,
    objectKind,
    objectName,
  });
  expect(isOwnEvent(event('Deployment', 'shop'), placement)).toBe(true);
  expect(isOwnEvent(event('Pod', 'shop-5c876f7f6c-2p7jg'), placement)).toBe(true);
  expect(isOwnEvent(event('ReplicaSet', 'shop-5c876f7f6c'), placement)).toBe(true);
  expect(isOwnEvent(event('Pod', 'shop-admin-5c876f7f6c-2p7jg'), placement)).toBe(false);
  expect(isOwnEvent(event('Pod', 'other-5c876f7f6c-2p7jg'), placement)).toBe(false);
});
