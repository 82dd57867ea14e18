import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { call, createNamespace, deployment, temporaryCluster, tokenFor } from './testing';

const cluster = await temporaryCluster({ timing: { futureResourceVersionMs: 1, bookmarkMs: 1000 } });
const admin = tokenFor(cluster, 'admin');

beforeAll(() => {
  createNamespace(cluster, 'fraiseql');
  cluster.store.create('deployments.apps', deployment('fraiseql-api', 'fraiseql'));
});
afterAll(() => cluster.dispose());

const segment = fc.constantFrom(
  'api',
  'apis',
  'v1',
  'apps',
  'namespaces',
  'fraiseql',
  'pods',
  'deployments',
  'fraiseql-api',
  'scale',
  'status',
  'log',
  '%',
  '%2F',
  'x',
  '',
);
const path = fc.array(segment, { maxLength: 8 }).map((parts) => `/${parts.join('/')}`);
const query = fc.constantFrom(
  '',
  '?limit=abc',
  '?limit=-1',
  '?continue=%00',
  '?labelSelector=(((',
  '?fieldSelector=a',
  '?resourceVersion=999999',
  '?dryRun=All&dryRun=x',
  '?tailLines=x',
  '?gracePeriodSeconds=x',
  '?fieldValidation=Strict',
);
const types = fc.constantFrom(
  'application/json',
  'application/yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'text/plain',
  '',
);
const bodies = fc.oneof(
  fc.constantFrom(
    '',
    '{',
    '[]',
    'null',
    '"x"',
    '{"metadata":1}',
    '{"spec":null}',
    '{"kind":"Deployment","apiVersion":"apps/v1"}',
    '- a: [',
    '[{"op":"add"}]',
    '[null]',
    '{"spec":{"template":{"spec":{"containers":[1]}}}}',
    '{"spec":{"template":{"spec":{"containers":[{"$patch":"delete"}]}}}}',
    '{"metadata":{"labels":"x","ownerReferences":[{}],"finalizers":7}}',
  ),
  fc.json({ maxDepth: 3 }),
);

it('answers anything with a clear refusal or success, never with a defect of its own', async () => {
  let cases = 0;
  const request = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
    path,
    query,
    type: types,
    body: bodies,
  });
  await fc.assert(
    fc.asyncProperty(request, async ({ method, path: url, query: search, type, body }) => {
      cases += 1;
      const withBody = method === 'GET' || method === 'OPTIONS' ? {} : { body };
      const answer = await call(cluster, {
        method,
        path: url + search,
        token: admin,
        headers: { 'content-type': type },
        ...withBody,
      });
      expect(answer.status, `${method} ${url}${search} ${type} ${body}: ${answer.text}`).not.toBe(500);
      expect(answer.text.length > 0 || answer.status === 200).toBe(true);
    }),
    { numRuns: 400 },
  );
  expect(cases).toBe(400);
}, 60_000);

it('takes any patch of a Deployment without a defect, and keeps a Deployment', async () => {
  let cases = 0;
  const url = '/apis/apps/v1/namespaces/fraiseql/deployments/fraiseql-api';
  await fc.assert(
    fc.asyncProperty(types, bodies, async (type, body) => {
      cases += 1;
      const answer = await call(cluster, {
        method: 'PATCH',
        path: url,
        token: admin,
        headers: { 'content-type': type },
        body,
      });
      expect(answer.status, `${type} ${body}: ${answer.text}`).not.toBe(500);
      const stored = cluster.store.get('deployments.apps', 'fraiseql', 'fraiseql-api');
      expect(stored).toMatchObject({
        kind: 'Deployment',
        metadata: { name: 'fraiseql-api', namespace: 'fraiseql' },
      });
    }),
    { numRuns: 300 },
  );
  expect(cases).toBe(300);
}, 60_000);

it('refuses a body above 3 MiB with 413', async () => {
  const body = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'big' },
    data: { a: 'x'.repeat(3 * 1024 * 1024) },
  };
  const answer = await call(cluster, {
    method: 'POST',
    path: '/api/v1/namespaces/fraiseql/configmaps',
    token: admin,
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(answer.status).toBe(413);
});
