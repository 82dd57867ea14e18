import { expect, it } from 'vitest';
import { findResource } from '../resources';
import type { KubeObject } from '../store';
import { fieldMatcher, labelMatcher } from './selectors';

function pod(labels: { [key: string]: string }, phase = 'Running'): KubeObject {
  const metadata = {
    name: 'a',
    namespace: 'n',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels,
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: 'node-a' }, status: { phase } };
}

it.each([
  ['app=api', true],
  ['app==api,tier=web', true],
  ['app!=api', false],
  ['missing!=x', true],
  ['app in (api, other)', true],
  ['app notin (api)', false],
  ['missing notin (x)', true],
  ['app,tier', true],
  ['!missing', true],
  ['!app', false],
  ['weight>3', true],
  ['weight<3', false],
  ['', true],
])('label selector %s', (selector, expected) => {
  const match = labelMatcher(selector);
  expect(match ? match(pod({ app: 'api', tier: 'web', weight: '5' })) : true).toBe(expected);
});

it.each(['a in (', '=x', 'a=b,,', 'b@d=1'])('refuses the label selector %s', (selector) => {
  expect(() => labelMatcher(selector)).toThrow('unable to parse requirement');
});

it('compares fields, absent ones as empty, and refuses those that a resource does not have', () => {
  const pods = findResource('', 'v1', 'pods');
  const deployments = findResource('apps', 'v1', 'deployments');
  if (!pods || !deployments) throw new Error('The resources are served.');
  expect(fieldMatcher(pods, 'status.phase=Running,spec.nodeName!=node-b')?.(pod({}))).toBe(true);
  expect(fieldMatcher(pods, 'status.podIP=')?.(pod({}))).toBe(true);
  expect(fieldMatcher(pods, 'status.phase=Failed')?.(pod({}))).toBe(false);
  expect(() => fieldMatcher(pods, 'spec.containers=x')).toThrow('field label not supported: spec.containers');
  expect(() => fieldMatcher(deployments, 'spec.replicas=3')).toThrow('is not a known field selector');
});
