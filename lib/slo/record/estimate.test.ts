import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type AnswerServer, answerServer, prometheusSource } from '@/lib/sources/testing/answer-server';
import type { IndicatorQueries } from '../define/indicator';
import { readEstimated } from './read';

const start = 1_800_000_000;
type Series = { metric: Record<string, string>; values: [at: number, value: string][] };
let server: AnswerServer;
/** The answer to sums by code, and to the two sums that are told apart by a label of ours. */
let byCode: Series[] = [];
let apart: Series[] = [];

beforeAll(async () => {
  server = await answerServer(({ form }) => {
    const result = (form.get('query') ?? '').includes('signalbox_figure') ? apart : byCode;
    return { body: JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }) };
  });
});
afterAll(() => server.stop());
beforeEach(() => {
  [byCode, apart] = [[], []];
  server.seen.length = 0;
});

const series = (metric: Record<string, string>, ...values: string[]): Series => ({
  metric,
  values: values.flatMap((value, index): [number, string][] =>
    value === '' ? [] : [[start + (index + 1) * 300, value]],
  ),
});
const indicator = (): IndicatorQueries => ({
  kind: 'counters',
  counted: [
    { role: 'total', selector: { kind: 'selector', text: 'r{job="a"}' } },
    { role: 'bad', selector: { kind: 'selector', text: 'r{job="a",code=~"5.."}' } },
  ],
  groupBy: ['region'],
});
const asked = (of: IndicatorQueries) => ({
  sources: [prometheusSource(server.url)],
  indicator: of,
  histogram: false,
  signal: new AbortController().signal,
});
const read = async (of = indicator()) => {
  const { groups, empty } = await readEstimated(asked(of), { from: start, to: start + 900 });
  const rows = [...groups.values()].map(({ labels, buckets }) => [
    labels['region'],
    ...[...buckets].map(([end, { good, bad, total }]) => [end - start, good, bad, total]),
  ]);
  return { rows, empty };
};
const queries = () => server.seen.map(({ form }) => form.get('query'));

test('failures that are requests with a label come of one sum by it', async () => {
  byCode = [
    series({ region: 'eu', code: '200' }, '10.0004', '20', 'NaN'),
    series({ region: 'eu', code: '500' }, '', '1.5', '2'),
    series({ region: 'eu', code: '503' }, '0.5', '0.5', ''),
    series({ region: 'us', code: '200' }, '7', '0', ''),
  ];
  expect(await read()).toEqual({
    empty: false,
    rows: [
      // No number in one of them makes the sum none, as it does on the server.
      ['eu', [300, 10, 0.5, 10.5], [600, 20, 2, 22]],
      ['us', [300, 7, 0, 7], [600, 0, 0, 0]],
    ],
  });
  expect(queries()).toEqual(['sum by (region, code) (increase(r{job="a"}[300s]))']);
});

test('with very many values of the label two sums are asked for, from then on at once', async () => {
  byCode = Array.from({ length: 30 }, (_, code) => series({ region: 'eu', code: String(500 + code) }, '1'));
  apart = [
    series({ region: 'eu', signalbox_figure: 'total' }, '40'),
    series({ region: 'eu', signalbox_figure: 'other' }, '30'),
  ];
  const of = indicator();
  expect((await read(of)).rows).toEqual([['eu', [300, 10, 30, 40]]]);
  expect((await read(of)).rows).toEqual([['eu', [300, 10, 30, 40]]]);
  expect(queries().map((query) => query?.includes('signalbox_figure'))).toEqual([false, true, true]);
});

test('a value that does not tell is left to the server', async () => {
  byCode = [series({ region: 'eu', code: '5\n0' }, '1')];
  apart = [series({ region: 'eu', signalbox_figure: 'total' }, '1')];
  expect((await read()).rows).toEqual([['eu', [300, 1, 0, 1]]]);
});

test('no series is no answer, and not zero', async () => {
  expect(await read()).toEqual({ empty: true, rows: [] });
});
