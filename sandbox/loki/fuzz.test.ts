import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Loki, startLoki } from './server';

const runs = 400;
let loki: Loki;
beforeAll(async () => {
  loki = await startLoki({ port: 0 });
  const timeNs = BigInt(Date.now()) * 1_000_000n;
  loki.push({ app: 'a' }, [
    { timeNs, line: '{"x":1,"__proto__":"y","constructor":"z"}' },
    { timeNs: timeNs + 1n, line: 'k=v q="w' },
  ]);
});
afterAll(() => loki.stop());

const piece = fc.constantFrom(
  ...[
    '{app="a"}',
    '{',
    '}',
    '(',
    ')',
    '|',
    '|=',
    '!~',
    '"x"',
    '`y`',
    '| json',
    '| logfmt',
    '| x=1',
    '| x>1s',
    'and',
    'or',
  ],
  ...[
    'sum',
    'by (x)',
    'count_over_time(',
    'rate({app="a"}[1m])',
    '[5m]',
    'offset 1m',
    '| unwrap x',
    '/',
    '*',
    '> bool',
    '2',
  ],
  ...[
    'topk(1,',
    '| line_format "{{.x}}"',
    '| label_format y=x',
    '| drop x',
    '| __error__=""',
    '#',
    '\n',
    '"',
    '\\',
    '1h',
    '5KB',
  ],
  ...[
    'vector(1)',
    '-',
    '==',
    '{app=~"(a|b)+"}',
    '| x=~"a.*"',
    'constructor',
    '__proto__',
    '{app=~"["}',
    'without ()',
  ],
);

test('whatever is sent as a query is answered 200 or 400, never 500', async () => {
  let cases = 0;
  const query = fc.oneof(
    fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(' ')),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(piece, { maxLength: 6 }).map((pieces) => `sum(${pieces.join(' ')})`),
  );
  await fc.assert(
    fc.asyncProperty(
      query,
      fc.constantFrom('query_range', 'query', 'series', 'index/volume'),
      async (text, route) => {
        cases += 1;
        const name = route === 'series' ? 'match[]' : 'query';
        const params = new URLSearchParams({ [name]: text.toWellFormed(), step: '60' });
        const answer = await fetch(`${loki.url}/loki/api/v1/${route}?${params}`);
        expect([text, answer.status, await answer.text()]).not.toEqual([text, 500, expect.anything()]);
        expect([200, 400]).toContain(answer.status);
      },
    ),
    { numRuns: runs },
  );
  expect(cases).toBeGreaterThanOrEqual(runs);
});

test.each([
  '/loki/api/v1/label/%E0%A4%A/values',
  '/loki/api/v1/query_range?query={app="a"}&start=999999999999999999999999',
  '/loki/api/v1/query_range?query={app="a"}&start=-5&end=-1',
  '/loki/api/v1/query_range?query={app="a"}&end=1e9',
  '/loki/api/v1/query_range?query=sum(rate({app="a"}[1m]))&step=0.0000000001',
  '/loki/api/v1/index/volume?query={app="a"}&limit=-1',
  `/loki/api/v1/query?query=${'('.repeat(3000)}`,
  `/loki/api/v1/query?query=${'1%2B'.repeat(1500)}1`,
])('an odd request is no server error: %s', async (path) => {
  const answer = await fetch(loki.url + path);
  expect([200, 400, 404]).toContain(answer.status);
});

test.each(['99999999999999999999999999', '-1', '1.5', ''])('a push at time %j is a 400', async (time) => {
  const body = JSON.stringify({ streams: [{ stream: { app: 'a' }, values: [[time, 'x']] }] });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${loki.url}/loki/api/v1/push`, { method: 'POST', headers, body });
  expect(answer.status).toBe(400);
});
