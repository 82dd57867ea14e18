import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  BuildInfo,
  MatrixResponse,
  NamesResponse,
  SeriesResponse,
  StatsResponse,
  StreamsResponse,
  TailFrame,
  VectorResponse,
} from './schema';

const folder = path.join(import.meta.dirname, '../../../sandbox/loki/golden');
const Capture = z.object({
  response: z.object({ body: z.unknown().optional() }),
  frames: z.array(z.object({ json: z.unknown() })).optional(),
});
const capture = (name: string) =>
  Capture.parse(JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), 'utf8')));
const body = (name: string): unknown => capture(name).response.body;

describe('captured answers', () => {
  test('streams, plain and categorised', () => {
    const [plain] = StreamsResponse.parse(body('query_range-streams'));
    expect(plain?.values[0]?.ns).toBe('1795243167349839810');
    expect(plain?.values[0]?.labels).toEqual({});
    const [stream] = StreamsResponse.parse(body('query_range-categorize-labels'));
    expect(stream?.values[0]?.labels).toMatchObject({ detected_level: 'error', status: '500' });
  });

  test('matrix, vector and volume', () => {
    expect(MatrixResponse.parse(body('query_range-rate'))[0]?.points[1]).toEqual({
      seconds: 1_795_239_600,
      value: 0.056666666666666664,
    });
    expect(MatrixResponse.parse(body('index-volume_range'))[0]?.points[0]).toEqual({
      seconds: 1_795_237_199.999,
      value: 422_900,
    });
    expect(VectorResponse.parse(body('query-instant-metric'))[0]).toEqual({
      labels: { level: 'debug' },
      point: { seconds: 1_795_243_169.466, value: 52 },
    });
    expect(VectorResponse.parse(body('index-volume'))[0]?.point.value).toBe(3_006_403);
  });

  test('names, series, statistics and version', () => {
    expect(NamesResponse.parse(body('label-values-level'))).toEqual(['debug', 'error', 'info']);
    expect(SeriesResponse.parse(body('series'))[0]).toMatchObject({ app: 'architect-api' });
    expect(StatsResponse.parse(body('index-stats')).streams).toBe(3);
    expect(BuildInfo.parse(body('status-buildinfo')).version).toBe('3.7.6');
  });

  test('tail frames', () => {
    const frames = (capture('tail').frames ?? []).map(({ json }) => TailFrame.parse(json));
    expect(frames.map(({ streams, dropped }) => [streams.length, dropped])).toEqual([
      [2, 0],
      [2, 0],
      [1, 0],
    ]);
  });

  test.each(['labels-empty-range', 'label-values-unknown'])(
    '%s has no data key and is an empty list',
    (name) => {
      expect(NamesResponse.parse(body(name))).toEqual([]);
    },
  );
});

test('nothing as a missing key, null or an empty list is an empty list', () => {
  const data = (resultType: string, result: unknown) => ({ status: 'success', data: { resultType, result } });
  for (const nothing of [undefined, null, []]) {
    expect(NamesResponse.parse({ status: 'success', data: nothing })).toEqual([]);
    expect(SeriesResponse.parse({ status: 'success', data: nothing })).toEqual([]);
    expect(StreamsResponse.parse(data('streams', nothing))).toEqual([]);
    expect(MatrixResponse.parse(data('matrix', nothing))).toEqual([]);
    expect(VectorResponse.parse(data('vector', nothing))).toEqual([]);
    expect(TailFrame.parse({ streams: nothing, dropped_entries: nothing })).toEqual({
      streams: [],
      dropped: 0,
    });
  }
});

test('special sample values are numbers, other text is refused', () => {
  const vector = (value: string) => ({
    data: { resultType: 'vector', result: [{ metric: {}, value: [1, value] }] },
  });
  const read = (value: string) => VectorResponse.parse(vector(value))[0]?.point.value;
  expect([read('NaN'), read('+Inf'), read('-Inf'), read('0.5')]).toEqual([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0.5,
  ]);
  expect(VectorResponse.safeParse(vector('many')).success).toBe(false);
  expect(VectorResponse.safeParse(vector('')).success).toBe(false);
});

test('an answer of another result type is refused', () => {
  expect(StreamsResponse.safeParse(body('query-vector')).success).toBe(false);
});
