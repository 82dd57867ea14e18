import { afterEach, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { keptJson } from './kept-json';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('what did not change is read once, and asked for by its tag', async () => {
  const asked: (string | null)[] = [];
  let version = 1;
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
    const tag = new Headers(init.headers).get('if-none-match');
    asked.push(tag);
    const own = `"${version}"`;
    return tag === own
      ? new Response(null, { status: 304, headers: { etag: own } })
      : new Response(JSON.stringify({ version }), { headers: { etag: own } });
  });
  const read = keptJson(z.object({ version: z.number() }), (answer) => ({ read: answer.version }));
  const first = await read('/a');
  expect(await read('/a')).toBe(first);
  version = 2;
  expect(await read('/a')).toEqual({ read: 2 });
  expect(await read('/b')).toEqual({ read: 2 });
  expect(asked).toEqual([null, '"1"', '"1"', null]);
});

test('an error is thrown, and the next answer is taken whole again', async () => {
  const answers = [
    new Response(JSON.stringify({ version: 1 }), { headers: { etag: '"1"' } }),
    new Response(JSON.stringify({ status: 503, title: 'Gone', detail: 'It is gone.', code: 'unavailable' }), {
      status: 503,
    }),
    new Response(JSON.stringify({ version: 2 })),
  ];
  vi.stubGlobal('fetch', async () => answers.shift());
  const read = keptJson(z.object({ version: z.number() }), ({ version: value }) => value);
  expect(await read('/a')).toBe(1);
  await expect(read('/a')).rejects.toMatchObject({ name: 'ProblemError' });
  expect(await read('/a')).toBe(2);
});
