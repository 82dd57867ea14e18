import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Registry } from '@/lib/config/sources';
import { type Answerer, type AnswerServer, answerServer } from '@/lib/sources/testing/answer-server';
import { testConfig } from '@/worker/testing/config';
import type { DeployPlan } from '../contract';
import { imageProblem } from '../execute/image-problem';
import type { Live, PodFact } from '../rollout';
import { plan } from '../testing/plan';
import { imageChecks } from './image-checks';
import { lookUpImage, resolveVersion } from './resolve-image';

const [one, two] = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`);
const name = 'registry.example.com/fraiseql/fraiseql-api';
const base = testConfig({ kubeconfig: '/nowhere/k', prometheus: 'http://127.0.0.1:9' });

let server: AnswerServer;
/** What the registry has: references with their digests. */
const has = new Map<string, string | undefined>();
const registry: Answerer = ({ url }) => {
  const digest = has.get(url.pathname.split('/').at(-1) ?? '');
  return digest === undefined
    ? { status: 404, body: '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}' }
    : { headers: { 'docker-content-digest': digest }, body: '' };
};
beforeAll(async () => {
  server = await answerServer(registry);
});
afterAll(() => server.stop());
beforeEach(() => {
  server.answer = registry;
  server.seen.length = 0;
  has.clear();
});
const config = () => ({
  ...base,
  registries: [Registry.parse({ host: 'registry.example.com', url: server.url, timeout: '1s' })],
});

const pod = (version: string, ready = true): PodFact => ({
  name: `api-${version}`,
  version,
  ready,
  terminating: false,
  restarts: 0,
  trouble: null,
});
const live = (pods: Partial<Pick<Live, 'newPods' | 'oldPods'>>): Live => ({
  uid: 'uid',
  resourceVersion: '1',
  template: plan.undo.template,
  paused: false,
  replicas: 1,
  generation: 1,
  observedGeneration: 1,
  counts: { all: 1, updated: 1, ready: 1, available: 1 },
  deadlineExceeded: false,
  newPods: [],
  oldPods: [],
  writer: null,
  scaledByAutoscaler: false,
  ...pods,
});
const pinned = (more: Partial<DeployPlan['undo']> = {}): DeployPlan => ({
  ...plan,
  to: { version: '2.0.0', image: `${name}:2.0.0@${two}`, digest: two },
  undo: { ...plan.undo, image: `${name}:1.8.0`, ...more },
});

async function check(id: string, of: DeployPlan, pods: Parameters<typeof live>[0]) {
  const lookup = await lookUpImage(config(), `${name}:2.0.0`);
  const all = await imageChecks({ config: config(), plan: of, lookup, live: live(pods) });
  return all.find((each) => each.id === id);
}
const wayBack = (of: DeployPlan, pods: Parameters<typeof live>[0] = {}) => check('way-back', of, pods);

describe('fault 32: what the plan would go back to', () => {
  beforeEach(() => has.set('2.0.0', two));

  test.each([
    ['its pods run and its image is there', { newPods: [pod('1.8.0')] }, true, 'pass'],
    ['no pod runs, but its image is there', {}, true, 'pass'],
    ['its pods run, but its image is gone', { newPods: [pod('1.8.0')] }, false, 'warn'],
    ['its pods are not ready, and its image is gone', { newPods: [pod('1.8.0', false)] }, false, 'fail'],
    ['neither is there', {}, false, 'fail'],
  ])('%s', async (_, pods, isThere, result) => {
    if (isThere) has.set('1.8.0', one);
    expect((await wayBack(pinned(), pods))?.result).toBe(result);
  });

  test('pods of an earlier template count by their version', async () => {
    const of = pinned({ template: '{"other":1}' });
    expect((await wayBack(of, { oldPods: [pod('1.8.0')] }))?.result).toBe('warn');
    expect((await wayBack(of, { oldPods: [pod('1.7.0')] }))?.result).toBe('fail');
  });

  test('is asked for by the digest that is known', async () => {
    has.set(one ?? '', one);
    expect((await wayBack(pinned({ image: `${name}:1.8.0@${one}` })))?.result).toBe('pass');
    has.clear();
    has.set('1.8.0', two);
    expect((await wayBack(pinned({ image: `${name}:1.8.0@${one}` })))?.result).toBe('fail');
  });

  test('a template with the tag alone is warned of when the tag was moved or deleted', async () => {
    has.set(one ?? '', one);
    has.set('1.8.0', one);
    expect((await wayBack(pinned({ digest: one })))?.result).toBe('pass');
    has.set('1.8.0', two);
    const moved = await wayBack(pinned({ digest: one }));
    expect([moved?.result, moved?.detail.includes('names the tag 1.8.0')]).toEqual(['warn', true]);
    has.delete('1.8.0');
    expect((await wayBack(pinned({ digest: one })))?.detail).toContain('which is gone');
  });

  test('who gave no answer for the new image is not asked again for the old one', async () => {
    server.answer = () => ({ status: 503, body: '' });
    expect((await wayBack(pinned(), { newPods: [pod('1.8.0')] }))?.result).toBe('warn');
    expect(server.seen.length).toBe(1);
  });
});

test('without a registry in the configuration nothing is pinned, and both checks say so', async () => {
  const resolved = await resolveVersion(base, { service: serviceOf() }, '2.0.0');
  expect(resolved).toMatchObject({ image: `${name}:2.0.0`, lookup: { state: 'unknown' } });
  const all = await imageChecks({ config: base, plan: pinned(), lookup: resolved.lookup, live: live({}) });
  expect(all.map(({ id, result }) => [id, result])).toEqual([
    ['image', 'warn'],
    ['way-back', 'warn'],
  ]);
  for (const { detail } of all) expect(detail).toContain('registry.example.com is not in signalbox.yaml');
});

const serviceOf = () => {
  const [service] = base.services;
  if (service === undefined) throw new Error('The configuration of the test has no service.');
  return service;
};

test('a rollback asks no registry: it says that nothing was verified', async () => {
  const all = await imageChecks({
    config: config(),
    plan: { ...pinned(), kind: 'rollback' },
    lookup: null,
    live: live({}),
  });
  expect(all.map(({ id, result }) => [id, result])).toEqual([['image', 'warn']]);
  expect(await imageProblem(config(), { ...pinned(), kind: 'rollback' })).toBeNull();
  expect(server.seen).toEqual([]);
});

describe('before the start', () => {
  test('the same digest and a registry that is away let it start', async () => {
    has.set('2.0.0', two);
    expect(await imageProblem(config(), pinned())).toBeNull();
    server.answer = () => ({ status: 503, body: '' });
    expect(await imageProblem(config(), pinned())).toBeNull();
    server.answer = () => ({ status: 404, type: 'text/html', body: 'proxy' });
    expect(await imageProblem(config(), pinned())).toBeNull();
  });

  test('another digest does not, and both are named', async () => {
    has.set('2.0.0', one);
    const problem = await imageProblem(config(), pinned());
    expect(problem).toContain(one?.slice(0, 19));
    expect(problem).toContain(two?.slice(0, 19));
  });

  test('a tag that is gone stops it only when its content is gone too, or was never pinned', async () => {
    has.set(two ?? '', two);
    expect(await imageProblem(config(), pinned())).toBeNull();
    has.clear();
    expect(await imageProblem(config(), pinned())).toContain('is gone since the plan was made');
    const to = { version: '2.0.0', image: `${name}:2.0.0` };
    expect(await imageProblem(config(), { ...plan, to })).toContain('is gone since the plan was made');
    has.set('2.0.0', one);
    expect(await imageProblem(config(), { ...plan, to })).toBeNull();
  });
});
