import { afterEach, expect, test } from 'vitest';
import type { LogLine } from '@/lib/logs/contract';
import { httpSource } from '@/lib/sources/testing/answer-server';
import type { Limits } from '@/sandbox/loki/limits';
import { type Loki, startLoki } from '@/sandbox/loki/server';
import { Tails } from './tails';

const query = '{app="shop"}';
const open: { tails: Tails; loki: Loki }[] = [];
afterEach(async () => {
  for (const { tails, loki } of open.splice(0)) {
    tails.close();
    await loki.stop();
  }
});

async function follow(limits: Partial<Limits> = {}) {
  const loki = await startLoki({ port: 0, limits });
  const tails = new Tails([httpSource(loki.url)], 20);
  open.push({ tails, loki });
  let n = 0;
  const say = (line: string) =>
    loki.push({ app: 'shop' }, [{ timeNs: BigInt(Date.now()) * 1_000_000n + BigInt(n++), line }]);
  return { loki, tails, say };
}

/** A reader that remembers what it is told. */
function reader() {
  const lines: string[] = [];
  const ends: string[] = [];
  return {
    lines,
    ends,
    onLines: (more: LogLine[]) => lines.push(...more.map(({ line }) => line)),
    onEnd: (message: string) => ends.push(message),
  };
}

/** Says lines until one of them arrives; the test's own time limit ends a wait that never would. */
async function heard(say: (line: string) => void, lines: string[]): Promise<void> {
  const before = lines.length;
  while (lines.length === before) {
    say('again');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a tail whose connection is cut goes on with new lines', async () => {
  const { loki, tails, say } = await follow();
  const one = reader();
  tails.join(query, one);
  await heard(say, one.lines);
  loki.faults.add({ kind: 'drop-tails', count: 1 });
  await expect.poll(() => one.ends.length).toBe(1);
  expect(one.ends[0]).toMatch(/It is tried again\.$/);
  await heard(say, one.lines);
});

test('a tail that Loki ends after its longest duration goes on', async () => {
  const { tails, say } = await follow({ tailMaxMs: 300 });
  const one = reader();
  tails.join(query, one);
  await expect.poll(() => one.ends.length).toBe(1);
  expect(one.ends[0]).toMatch(/reached tail max duration limit.*It is tried again\.$/);
  await heard(say, one.lines);
});

test('a tail that finds Loki full is tried again until there is room', async () => {
  const { tails, say } = await follow({ maxTails: 1 });
  const first = reader();
  const leave = tails.join('{app="other"}', first);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const second = reader();
  tails.join(query, second);
  await expect.poll(() => second.ends.length).toBeGreaterThan(0);
  leave();
  await heard(say, second.lines);
});

test.each([
  ['does not parse', '{app='],
  ['counts lines', 'rate({app="shop"}[1m])'],
])('a query that %s ends, and whoever joins it later is told so too', async (_what, wrong) => {
  const { tails } = await follow();
  const [first, second] = [reader(), reader()];
  tails.join(wrong, first);
  await expect.poll(() => first.ends.length).toBe(1);
  expect(first.ends[0]).toMatch(/^Loki cannot follow this query: /);
  tails.join(wrong, second);
  await expect.poll(() => second.ends).toEqual(first.ends);
});

test('whoever joins while Loki is away is told so', async () => {
  const { loki, tails } = await follow();
  await loki.stop();
  const [first, second] = [reader(), reader()];
  tails.join(query, first);
  await expect.poll(() => first.ends.length).toBeGreaterThan(0);
  tails.join(query, second);
  expect(second.ends).toHaveLength(1);
  expect(second.ends[0]).toMatch(/refuses connections.*It is tried again\.$/);
});
