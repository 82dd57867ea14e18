import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEnv, withEnv } from './template-env';

const template = (env: object[]) => ({
  metadata: { labels: { app: 'a' } },
  spec: {
    containers: [
      { name: 'side', image: 's:1', env: [{ name: 'POOL_SIZE', value: '1' }] },
      { name: 'api', image: 'a:1', env, envFrom: [{ configMapRef: { name: 'c' } }] },
    ],
  },
});

test('a value, none, and one that comes from elsewhere', () => {
  const found = template([
    { name: 'A', value: '1' },
    { name: 'EMPTY' },
    { name: 'S', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
    { name: 'F', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    { name: 'A', value: '2' },
  ]);
  expect(readEnv(found, 'api', 'A')).toEqual({ kind: 'value', value: '2' });
  expect(readEnv(found, 'api', 'EMPTY')).toEqual({ kind: 'value', value: '' });
  expect(readEnv(found, 'api', 'B')).toEqual({ kind: 'absent' });
  expect(readEnv(found, 'api', 'S')).toEqual({ kind: 'reference', from: 'Secret' });
  expect(readEnv(found, 'api', 'F')).toEqual({ kind: 'reference', from: 'field of the pod' });
});

test('setting a variable changes that one only, wherever it stands', () => {
  let cases = 0;
  const names = fc.constantFrom('A', 'B', 'C', 'valueOf');
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ name: names, value: fc.string() }), { selector: ({ name }) => name }),
      names,
      fc.string(),
      (env, name, value) => {
        cases += 1;
        const before = template(env);
        const after = withEnv(before, 'api', name, value);
        expect(readEnv(after, 'api', name)).toEqual({ kind: 'value', value });
        for (const other of ['A', 'B', 'C', 'valueOf'].filter((each) => each !== name)) {
          expect(readEnv(after, 'api', other)).toEqual(readEnv(before, 'api', other));
        }
        expect(withEnv(after, 'api', name, value)).toEqual(after);
        expect(JSON.parse(JSON.stringify(after)).spec.containers[0]).toEqual(before.spec.containers[0]);
        expect(JSON.parse(JSON.stringify(after)).spec.containers[1].envFrom).toEqual([
          { configMapRef: { name: 'c' } },
        ]);
      },
    ),
    { numRuns: 300 },
  );
  expect(cases).toBe(300);
});
