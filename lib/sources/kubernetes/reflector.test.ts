import { Readable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { ClusterClient } from './client';
import { Reflector } from './reflector';

const Thing = z
  .object({ metadata: z.object({ uid: z.string(), name: z.string() }), size: z.number() })
  .transform(({ metadata, size }) => ({ ...metadata, namespace: 'shop', size }));
const thing = (name: string, size: unknown) => ({
  metadata: { uid: `uid-${name}`, name, resourceVersion: '5' },
  size,
});

const running: Reflector<z.output<typeof Thing>>[] = [];
afterEach(() => {
  for (const reflector of running.splice(0)) reflector.close();
});

/** A cluster that lists these things once and then sends what the test pushes. */
function follow(items: unknown[]) {
  const watch = new Readable({ read: () => {} });
  let ended = false;
  watch.once('close', () => {
    ended = true;
  });
  const client: ClusterClient = {
    id: 'test',
    timeoutSeconds: 1,
    open: async (_path, query) => {
      if (query['watch'] !== undefined) return watch;
      return Readable.from([Buffer.from(JSON.stringify({ metadata: { resourceVersion: '1' }, items }))]);
    },
    get: async () => ({}),
    close: async () => {},
  };
  const reflector = new Reflector({
    client,
    path: '/things',
    schema: Thing,
    onChange: () => {},
    backoffMs: 60_000,
  });
  running.push(reflector);
  reflector.start();
  return {
    reflector,
    tell: (type: string, object: unknown) => watch.push(`${JSON.stringify({ type, object })}\n`),
    raw: (text: string) => watch.push(text),
    names: () => [...reflector.items.values()].map(({ name }) => name).sort(),
    isEnded: () => ended,
  };
}

test('a thing that is deleted goes, also when what the cluster says of it does not fit', async () => {
  const { tell, names } = follow([thing('a', 1), thing('b', 1)]);
  await expect.poll(names).toEqual(['a', 'b']);
  tell('DELETED', thing('a', 'large'));
  await expect.poll(names).toEqual(['b']);
});

test('a thing that no longer fits is left out and counted, not shown as it was', async () => {
  const { reflector, tell, names } = follow([thing('a', 1), thing('b', 1)]);
  await expect.poll(names).toEqual(['a', 'b']);
  tell('MODIFIED', thing('a', 'large'));
  await expect.poll(names).toEqual(['b']);
  expect(reflector.skipped).toBe(1);
});

test('a watch that never ends a line is given up before it fills the process', async () => {
  const { reflector, raw, isEnded } = follow([thing('a', 1)]);
  await expect.poll(() => reflector.state.kind).toBe('synced');
  const part = 'x'.repeat(1024 * 1024);
  for (let megabytes = 0; megabytes < 40; megabytes++) raw(part);
  await expect.poll(isEnded).toBe(true);
  expect(reflector.state).toMatchObject({ kind: 'failing', error: { reason: 'bad-response' } });
});
