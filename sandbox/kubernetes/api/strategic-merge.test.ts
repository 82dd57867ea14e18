import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../store';
import { applyJsonPatch } from './json-patch';
import { applyMergePatch } from './merge-patch';
import { applyStrategicMerge } from './strategic-merge';

const template: JsonObject = {
  spec: {
    containers: [
      {
        name: 'app',
        image: 'app:1',
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
        ports: [{ containerPort: 80, name: 'http' }],
      },
      { name: 'proxy', image: 'proxy:1' },
    ],
    volumes: [{ name: 'data', emptyDir: {} }],
    tolerations: [{ key: 'a' }],
  },
};

describe('strategic merge patch', () => {
  it('merges containers, env and ports by their keys and leaves the others alone', () => {
    const patch = {
      spec: {
        containers: [
          {
            name: 'app',
            image: 'app:2',
            env: [
              { name: 'B', value: '3' },
              { name: 'C', value: '4' },
            ],
            ports: [{ containerPort: 80, name: 'web' }],
          },
        ],
      },
    };
    expect(applyStrategicMerge(template, patch)).toMatchObject({
      spec: {
        containers: [
          {
            name: 'app',
            image: 'app:2',
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: '3' },
              { name: 'C', value: '4' },
            ],
            ports: [{ containerPort: 80, name: 'web' }],
          },
          { name: 'proxy', image: 'proxy:1' },
        ],
        volumes: [{ name: 'data' }],
      },
    });
  });

  it('adds a container whose name does not exist, replaces lists without a key', () => {
    const patched = applyStrategicMerge(template, {
      spec: { containers: [{ name: 'typo', image: 'x:1' }], tolerations: [{ key: 'b' }] },
    });
    expect(patched).toMatchObject({
      spec: {
        containers: [{ name: 'app' }, { name: 'proxy' }, { name: 'typo' }],
        tolerations: [{ key: 'b' }],
      },
    });
  });

  it('obeys $patch: delete and replace, null, $setElementOrder and $deleteFromPrimitiveList', () => {
    const removed = applyStrategicMerge(template, {
      spec: { containers: [{ name: 'proxy', $patch: 'delete' }], volumes: null },
    });
    expect(removed).toEqual({
      spec: { containers: [expect.objectContaining({ name: 'app' })], tolerations: [{ key: 'a' }] },
    });
    const replaced = applyStrategicMerge(template, {
      spec: { containers: [{ $patch: 'replace' }, { name: 'only', image: 'o:1' }] },
    });
    expect(replaced).toMatchObject({ spec: { containers: [{ name: 'only', image: 'o:1' }] } });
    const whole = applyStrategicMerge(template, { spec: { $patch: 'replace', volumes: [] } });
    expect(whole).toEqual({ spec: { volumes: [] } });
    const order = {
      '$setElementOrder/containers': [{ name: 'proxy' }, { name: 'app' }],
      containers: [{ name: 'app', image: 'app:9' }],
    };
    expect(applyStrategicMerge(template, { spec: order })).toMatchObject({
      spec: { containers: [{ name: 'proxy' }, { name: 'app', image: 'app:9' }] },
    });
    const finalizers = { metadata: { finalizers: ['a', 'b'] } };
    expect(
      applyStrategicMerge(finalizers, {
        metadata: { finalizers: ['c'], '$deleteFromPrimitiveList/finalizers': ['a'] },
      }),
    ).toEqual({ metadata: { finalizers: ['b', 'c'] } });
    const strategy = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } };
    expect(applyStrategicMerge(strategy, { strategy: { $retainKeys: ['type'], type: 'Recreate' } })).toEqual({
      strategy: { type: 'Recreate' },
    });
  });

  it('refuses an item without its merge key and a directive that does not exist', () => {
    expect(() => applyStrategicMerge(template, { spec: { containers: [{ image: 'x' }] } })).toThrow(
      'does not contain declared merge key: name',
    );
    expect(() => applyStrategicMerge(template, { spec: { $patch: 'explode' } })).toThrow(
      'Unknown patch type',
    );
  });

  it('is idempotent, and equals a merge patch where there are no lists (property)', () => {
    let cases = 0;
    const leaf = fc.oneof(fc.integer(), fc.string({ maxLength: 4 }), fc.constant(null));
    const key = fc.constantFrom('a', 'b', 'c');
    const tree = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf, { noNullPrototype: true })), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(tree, tree, (document, patch) => {
        cases += 1;
        const once = applyStrategicMerge(document, patch);
        expect(applyStrategicMerge(once, patch)).toEqual(once);
        expect(once).toEqual(applyMergePatch(document, patch));
      }),
      { numRuns: 300 },
    );
    expect(cases).toBe(300);
  });
});

describe('JSON patch', () => {
  it('adds, replaces, removes, moves, copies and tests by pointer', () => {
    const document = { a: { 'x/y': 1, list: [1, 2, 3] } };
    const operations = [
      { op: 'test', path: '/a/x~1y', value: 1 },
      { op: 'add', path: '/a/list/1', value: 9 },
      { op: 'add', path: '/a/list/-', value: 4 },
      { op: 'remove', path: '/a/list/0' },
      { op: 'replace', path: '/a/x~1y', value: 2 },
      { op: 'copy', from: '/a/x~1y', path: '/b' },
      { op: 'move', from: '/a/list/0', path: '/c' },
    ];
    expect(applyJsonPatch(document, operations)).toEqual({ a: { 'x/y': 2, list: [2, 3, 4] }, b: 2, c: 9 });
    expect(document).toEqual({ a: { 'x/y': 1, list: [1, 2, 3] } });
  });

  it('answers a failed test, a missing path and an unknown operation alike', () => {
    const message = 'the server rejected our request due to an error in our request';
    expect(() => applyJsonPatch({ a: 1 }, [{ op: 'test', path: '/a', value: 2 }])).toThrow(message);
    expect(() => applyJsonPatch({ a: 1 }, [{ op: 'replace', path: '/b', value: 2 }])).toThrow(message);
    expect(() => applyJsonPatch({ a: [1] }, [{ op: 'remove', path: '/a/7' }])).toThrow(message);
    expect(() => applyJsonPatch({ a: 1 }, [{ op: 'increment', path: '/a' }])).toThrow(message);
  });
});
