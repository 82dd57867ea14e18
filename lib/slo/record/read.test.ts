import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type AnswerServer, answerServer, prometheusSource } from '@/lib/sources/testing/answer-server';
import type { IndicatorQueries } from '../define/indicator';
import type { Asked } from './asked';
import { PieceLength, readPiece } from './pieces';
import { readCounted } from './read';

const start = 1_800_000_000;
let server: AnswerServer;
/** The answers by a part of the query's text, the first that fits; no series where none does. */
let answers: [part: string, (at: number) => unknown[]][] = [];

beforeAll(async () => {
  server = await answerServer(({ url, form }) => {
    const query = form.get('query') ?? '';
    const at = Number(form.get('time') ?? form.get('start'));
    const found = answers.find(([part]) => query.includes(part))?.[1](at) ?? [];
    if (found[0] === 'too many') {
      const error = 'query processing would load too many samples into memory in query execution';
      return { status: 422, body: JSON.stringify({ status: 'error', errorType: 'execution', error }) };
    }
    const matrix = url.pathname.endsWith('query_range') || /\[\d+s\]$/.test(query);
    const data = { resultType: matrix ? 'matrix' : 'vector', result: found };
    return { body: JSON.stringify({ status: 'success', data }) };
  });
});
afterAll(() => server.stop());
beforeEach(() => {
  answers = [];
  server.seen.length = 0;
});

const samples = (metric: Record<string, string>, ...values: [after: number, value: string][]) => ({
  metric,
  values: values.map(([after, value]) => [start + after, value]),
});
const one = (metric: Record<string, string>, value: string) => ({ metric, value: [start, value] });
const counters: IndicatorQueries = {
  kind: 'counters',
  counted: [
    { role: 'total', selector: { kind: 'selector', text: 'all' } },
    { role: 'bad', selector: { kind: 'selector', text: 'failed' } },
  ],
  groupBy: [],
};
const asked = (indicator: IndicatorQueries = counters): Asked => ({
  sources: [prometheusSource(server.url)],
  indicator,
  histogram: false,
  signal: new AbortController().signal,
});
const read = async (indicator?: IndicatorQueries) => {
  const { groups } = await readCounted(asked(indicator), { from: start, to: start + 300 });
  return [...(groups.get('[]')?.buckets ?? [])].map(([end, { total }]) => [end - start, total]);
};
const pod = { __name__: 'all', pod: 'a' };

test('a series that is born counts from its first value, one that comes back from its last', async () => {
  answers = [
    ['last_over_time(all', () => [one({ __name__: 'all', pod: 'b' }, '90')]],
    [
      'all[',
      () => [samples(pod, [10, '7'], [70, '9']), samples({ ...pod, pod: 'b' }, [10, '100'], [70, '101'])],
    ],
  ];
  expect(await read()).toEqual([
    [60, 17],
    [120, 3],
  ]);
});

test('without a series that seems born nobody is asked about the past', async () => {
  answers = [['all[', () => [samples(pod, [-10, '5'], [10, '7'])]]];
  expect(await read()).toEqual([[60, 2]]);
  expect(server.seen.map(({ form }) => form.get('query'))).toEqual(['all[600s]', 'failed[600s]']);
});

test('what was there when the server began to scrape was not born then', async () => {
  answers = [
    ['sum(up)', (at) => (at >= start ? [one({}, '3')] : [])],
    ['last_over_time(all', () => []],
    ['all[', () => [samples(pod, [10, '5000000'], [70, '5000004']), samples({ pod: 'late' }, [130, '6'])]],
  ];
  expect(await read()).toEqual([
    [60, 0],
    [120, 4],
    [180, 6],
  ]);
  // With scrapes before it, or none at all (written to from elsewhere), it was.
  answers[0] = ['sum(up)', () => [one({}, '3')]];
  expect((await read())[0]).toEqual([60, 5_000_000]);
  answers[0] = ['sum(up)', () => []];
  expect((await read())[0]).toEqual([60, 5_000_000]);
});

test('a past that ends in NaN is looked for further', async () => {
  answers = [
    ['last_over_time((all >= 0)[86400s:15s])', () => [one(pod, '40')]],
    ['last_over_time(all', () => [one(pod, 'NaN')]],
    ['all[', () => [samples(pod, [10, '45'])]],
  ];
  expect(await read()).toEqual([[60, 5]]);
  // Where there is none, nothing is known of the first value: it is neither whole nor nothing new.
  answers.shift();
  expect(await read()).toEqual([[60, 0]]);
});

test('an answer that is too large is asked for in shorter spans', async () => {
  answers = [
    ['all[2100s]', () => ['too many']],
    ['all[1200s]', () => ['too many']],
    ['all[', () => [samples(pod, [-10, '5'], [10, '7'])]],
  ];
  const length = new PieceLength();
  const span = { from: start, to: start + 3600, now: start + 3600 };
  const piece = await readPiece(asked(), span, length, 1);
  expect([piece.from, piece.to, piece.method]).toEqual([start, start + 300, 'counted']);
  answers = [['all[', () => ['too many']]];
  await expect(readPiece(asked(), span, length, 1)).rejects.toThrow('would have to load too many samples');
});

test('a native histogram is estimated by whole five minutes', async () => {
  const native: IndicatorQueries = {
    kind: 'native',
    histogram: { kind: 'selector', text: 'seconds' },
    below: 0.3,
    groupBy: ['region'],
  };
  const region = { region: 'r' };
  const at = (value: string) => [[start + 300, value]];
  answers = [
    [
      'histogram_count',
      () => [
        { metric: { ...region, signalbox_figure: 'total' }, values: at('200') },
        { metric: { ...region, signalbox_figure: 'other' }, values: at('190.5') },
      ],
    ],
  ];
  const { groups } = await readCounted(asked(native), { from: start, to: start + 310 });
  expect([...groups.values()]).toEqual([
    { labels: region, buckets: new Map([[start + 300, { good: 190.5, bad: 9.5, total: 200 }]]) },
  ]);
  const { form } = server.seen[0] ?? { form: new URLSearchParams() };
  expect([form.get('start'), form.get('end'), form.get('step')]).toEqual([
    `${start + 300}`,
    `${start + 300}`,
    '300',
  ]);
  const increase = 'sum by (region) (increase(seconds[300s]))';
  expect(form.get('query')).toContain(`histogram_count(${increase})`);
  expect(form.get('query')).toContain(
    `histogram_fraction(0, 0.3, ${increase}) * histogram_count(${increase})`,
  );
});
