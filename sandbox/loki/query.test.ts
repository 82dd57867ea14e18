import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Loki, startLoki } from './server';

const second = 1_000_000_000n;
const t0 = 1_795_240_800n * second;
const end = String(t0 + 3600n * second);

const Streams = z.object({
  data: z.object({
    result: z.array(
      z.object({ stream: z.record(z.string(), z.string()), values: z.array(z.array(z.unknown())) }),
    ),
  }),
});
const Matrix = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
});

let loki: Loki;
beforeAll(async () => {
  loki = await startLoki({ port: 0, now: () => Number(t0 / 1_000_000n) + 3_600_000 });
  for (let minute = 0; minute < 60; minute += 1) {
    const timeNs = t0 + BigInt(minute) * 60n * second;
    const status = minute % 10 === 0 ? 500 : 200;
    const json = { status, took: `${minute}ms`, size: `${minute}KB`, http: { route: '/a b' } };
    loki.push({ app: 'web', level: 'info' }, [{ timeNs, line: JSON.stringify(json) }]);
    loki.push({ app: 'fmt' }, [{ timeNs, line: `level=warn n=${minute} msg="two words" flag` }]);
  }
  loki.push({ app: 'web', level: 'info' }, [{ timeNs: t0 + 5n * second, line: 'not json' }]);
});
afterAll(() => loki.stop());

async function ask(query: string, more: Record<string, string> = {}) {
  const params = new URLSearchParams({ query, start: String(t0), end, limit: '5000', ...more });
  const answer = await fetch(`${loki.url}/loki/api/v1/query_range?${params}`);
  return { status: answer.status, text: await answer.text() };
}

async function lines(query: string, more: Record<string, string> = {}) {
  const { status, text } = await ask(query, more);
  expect([query, status, status === 200 ? '' : text]).toEqual([query, 200, '']);
  return Streams.parse(JSON.parse(text)).data.result.flatMap(({ stream, values }) =>
    values.map((value) => ({ stream, time: String(value[0]), line: String(value[1]) })),
  );
}

async function matrix(query: string, more: Record<string, string> = {}) {
  const { status, text } = await ask(query, { step: '600', ...more });
  expect([query, status, status === 200 ? '' : text]).toEqual([query, 200, '']);
  return Matrix.parse(JSON.parse(text)).data.result;
}

describe('log queries', () => {
  const counts: [string, number][] = [
    ['{app="web"}', 61],
    ['{app=~"w.b"}', 61],
    ['{app=~"w"} |= ""', 0],
    ['{app=~".+", app!="fmt"}', 61],
    ['{app=~".+", app!~"f.*"}', 61],
    ['{app="web"} |= "500"', 6],
    ['{app="web"} |= "500" or "not json"', 7],
    ['{app="web"} != "500"', 55],
    ['{app="web"} |~ `"status":(500|501)`', 6],
    ['{app="web"} |~ "(?i)NOT JSON"', 1],
    ['{app="web"} !~ "[[:digit:]]+"', 1],
    ['{app="web"} | json | status=500', 6],
    ['{app="web"} | json | status>=500 and took>25ms', 3],
    ['{app="web"} | json | status>=500 or took>=58ms', 8],
    ['{app="web"} | json | status=200 or status>=500 and took<1ms', 55],
    ['{app="web"} | json | size<=2KB', 3],
    ['{app="web"} | json | http_route="/a b" | __error__=""', 60],
    ['{app="web"} | json code="status", route="http.route" | code="500" and route=~"/a.*"', 6],
    ['{app="web"} | json | __error__="JSONParserErr"', 1],
    ['{app="fmt"} | logfmt | msg="two words"', 60],
    ['{app="fmt"} | logfmt | n=7', 1],
    ['{app="fmt"} | logfmt | flag="x"', 0],
  ];
  test.each(counts)('%s gives %i lines', async (query, count) => {
    expect(await lines(query)).toHaveLength(count);
  });

  test('an entry at end is left out, one at start is in', async () => {
    const at = (minute: number) => String(t0 + BigInt(minute) * 60n * second);
    const found = await lines('{app="web"} | json | __error__=""', { start: at(3), end: at(5) });
    expect(found.map(({ time }) => time).sort()).toEqual([at(3), at(4)]);
  });

  test('the limit is over all streams, newest first or oldest first', async () => {
    expect((await lines('{app=~".+"}', { limit: '3' })).map(({ time }) => time).sort()).toEqual(
      [58n, 59n, 59n].map((minute) => String(t0 + minute * 60n * second)),
    );
    const first = await lines('{app=~".+"}', { limit: '2', direction: 'Forward' });
    expect(first.map(({ time }) => time)).toEqual([String(t0), String(t0)]);
  });

  test('line_format, label_format, drop and keep change line and labels', async () => {
    const [line] = await lines(
      '{app="web"} | json | status=500 | line_format "{{.status}} {{.http_route | ToUpper}}" | label_format s=status | keep s',
      { limit: '1' },
    );
    expect(line).toMatchObject({ stream: { s: '500' }, line: '500 /A B' });
    const [dropped] = await lines('{app="fmt"} | logfmt | drop n, msg, detected_level', { limit: '1' });
    expect(dropped?.stream).toEqual({ app: 'fmt', level: 'warn', service_name: 'fmt' });
  });

  test('unanchored only where upstream simplifies a label filter', async () => {
    expect(await lines('{app="web"} | json | http_route=~"b.*"')).toHaveLength(60);
    expect(await lines('{app="web"} | json | http_route=~"b"')).toHaveLength(0);
  });
});

describe('metric queries', () => {
  test('points stand on multiples of the step, also before start', async () => {
    const start = String(t0 + 130n * second);
    const [series] = await matrix('sum(count_over_time({app="web"}[10m]))', { start });
    const times = series?.values.map(([time]) => time) ?? [];
    expect(times[0]).toBe(Number(t0 / second));
    expect(times.every((time) => time % 600 === 0)).toBe(true);
    expect(times).toHaveLength(7);
  });

  /** The window is (t - 10 min, t]: ten lines a minute apart, and for web the broken one at five seconds. */
  const values: [string, string][] = [
    ['sum(count_over_time({app="web"}[10m]))', '11'],
    ['sum(rate({app="fmt"}[10m]))', '0.016666666666666666'],
    ['sum by (level) (count_over_time({app="web"} |= "500" [10m]))', '1'],
    ['sum(bytes_over_time({app="web"} |= "not" [10m]))', '8'],
    ['max(count_over_time({app=~".+"}[10m]))', '11'],
    ['count(count_over_time({app=~".+"}[10m]))', '2'],
    ['sum(count_over_time({app="fmt"}[10m])) * 2 + 1', '21'],
    ['1 + 2 * sum(count_over_time({app="fmt"}[10m]))', '21'],
    ['(1 + 2) * sum(count_over_time({app="fmt"}[10m]))', '30'],
    ['sum(count_over_time({app="fmt"}[10m])) / 2 > 3', '5'],
    ['sum(count_over_time({app="fmt"}[10m])) > bool 100', '0'],
    ['sum(count_over_time({app="fmt"}[10m])) - 2 - 3', '5'],
    ['sum(count_over_time({app="web"}[10m])) / sum(count_over_time({app="fmt"}[10m]))', '1.1'],
    ['sum(sum_over_time({app="fmt"} | logfmt | unwrap n [10m]))', '55'],
    ['quantile_over_time(0.5, {app="fmt"} | logfmt | unwrap n [10m]) by (app)', '5.5'],
    ['avg_over_time({app="fmt"} | logfmt | unwrap n [10m]) by (app)', '5.5'],
    ['topk(1, sum by (app) (count_over_time({app=~".+"}[10m])))', '11'],
    ['sum(count_over_time({app="fmt"}[10m] offset 10m))', '1'],
  ];
  test.each(values)('%s is %s at the tenth minute', async (query, value) => {
    const at = Number(t0 / second) + 600;
    const points = (await matrix(query)).flatMap((series) => series.values);
    expect(points.filter(([time]) => time === at).map(([, point]) => point)).toEqual([value]);
  });

  test('a silent service gives no series, not zero', async () => {
    expect(await matrix('sum(count_over_time({app="none"}[5m]))')).toEqual([]);
    expect(await matrix('sum(count_over_time({app="web"} |= "absent" [5m]))')).toEqual([]);
    expect(await matrix('sum(count_over_time({app="fmt"}[10m])) > 100')).toEqual([]);
  });

  test('a broken line is a pipeline error when grouped by a parsed label, and is not after a filter', async () => {
    const broken = await ask('sum by (status) (count_over_time({app="web"} | json [10m]))', { step: '600' });
    expect(broken.status).toBe(400);
    expect(broken.text).toContain("pipeline error: 'JSONParserErr'");
    const good = await matrix('sum by (status) (count_over_time({app="web"} | json | __error__="" [10m]))');
    expect(good.map(({ metric }) => metric)).toEqual([{ status: '200' }, { status: '500' }]);
  });
});

test.each([
  '{app="web"} | pattern "<x>"',
  '{app="web"} |> "<_>"',
  '{app="web"} | line_format "{{ if .x }}y{{ end }}"',
  'stddev_over_time({app="web"} | logfmt | unwrap n [5m])',
  'sum(count_over_time({app="web"}[5m])) and sum(count_over_time({app="web"}[5m]))',
  'label_replace(sum(count_over_time({app="web"}[5m])), "a", "b", "c", "d")',
])('what is not supported is a clear 400: %s', async (query) => {
  const { status, text } = await ask(query);
  expect(status).toBe(400);
  expect(text).toMatch(/^not supported by this server: /);
});

test.each([
  '{app="web"',
  '{app=}',
  '{app="a} |= "x"',
  'sum(',
  '{app="a"} | json | a=b',
  ')',
  '{app="\\q"}',
  '{app=~"("}',
])('malformed LogQL is a 400 parse error: %s', async (query) => {
  const { status, text } = await ask(query);
  expect(status).toBe(400);
  expect(text).toMatch(/^parse error/);
});
