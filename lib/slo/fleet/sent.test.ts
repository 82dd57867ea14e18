import { expect, test } from 'vitest';
import { Sent } from './sent';

const read = ({ body }: { body: Uint8Array }): unknown => JSON.parse(new TextDecoder().decode(body));

test('is written once per version however many ask', async () => {
  let written = 0;
  let rows = [1];
  const sent = new Sent('test', async () => {
    written += 1;
    return { version: 1, head: { at: `at ${written}` }, value: { rows } };
  });
  const all = await Promise.all(Array.from({ length: 50 }, () => sent.of(1)));
  expect(written).toBe(1);
  expect(new Set(all).size).toBe(1);
  expect(read(await sent.of(1))).toEqual({ at: 'at 1', rows: [1] });
  // While the next one is written, the one before is given.
  rows = [2];
  expect(read(await sent.of(2))).toEqual({ at: 'at 1', rows: [1] });
  expect(written).toBe(2);
});

test('stays the same bytes while nothing but its head changes', async () => {
  let version = 1;
  const sent = new Sent('test', async () => ({ version, head: { at: version }, value: { rows: [1] } }));
  const first = await sent.of(1);
  version = 2;
  await sent.of(2);
  // Lets the writing that was begun end.
  await new Promise((resolve) => setImmediate(resolve));
  const again = await sent.of(2);
  expect(again.tag).toBe(first.tag);
  expect(again.body).toBe(first.body);
});

test('is written anew while it is made of nothing, and its failure is thrown to who waits', async () => {
  let fails = true;
  const sent = new Sent('test', async () => {
    if (fails) throw new Error('the database is gone');
    return { version: 0, value: { rows: [] } };
  });
  await expect(sent.of(0)).rejects.toThrow('the database is gone');
  fails = false;
  const [one, two] = [await sent.of(0), await sent.of(0)];
  expect(one).not.toBe(two);
  expect(one.tag).toBe(two.tag);
});
