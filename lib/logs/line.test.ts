import { expect, test } from 'vitest';
import { testConfig } from '@/lib/service/testing/config';
import { fieldsOf, levelOf, toLogLine } from './line';
import { searchQuery } from './query';
import { parseRange, volumeStep } from './time-range';

const now = new Date('2026-11-21T10:00:00Z');

test.each([
  ['now-15m', 'now', 900],
  ['now-1h', 'now-30m', 1800],
  ['2026-11-21T09:00:00Z', '2026-11-21T09:10:00+00:00', 600],
  ['now-1h', '2027-01-01T00:00:00Z', 3600],
])('%s to %s are %i s', (from, to, seconds) => {
  const range = parseRange({ from, to }, now);
  expect((range.to - range.from) / 1000).toBe(seconds);
});

test.each([
  ['yesterday', 'now', /"yesterday" is not a time/],
  ['now-', 'now', /is not a time/],
  ['1', 'now', /is not a time/],
  ['now', 'now-1h', /ends before it begins/],
  ['now-31d', 'now', /longer than 30 days/],
  ['now-999999999d', 'now-999999998d', /begins before 1970/],
  ['now-800000d', 'now-799999d', /begins before 1970/],
  ['0001-01-01', '0001-01-02', /begins before 1970/],
])('%s to %s is refused', (from, to, sentence) => {
  expect(() => parseRange({ from, to }, now)).toThrow(sentence);
});

test('the volume has at most 60 steps of a length that people count in', () => {
  expect([60, 900, 3600, 86_400, 2_592_000].map(volumeStep)).toEqual([1, 15, 60, 1800, 43_200]);
});

test('levels of other words, and of none', () => {
  expect(['ERROR', 'warning', 'fatal', 'trace', '', undefined, 'loud'].map(levelOf)).toEqual([
    'error',
    'warn',
    'critical',
    'debug',
    'unknown',
    'unknown',
    'unknown',
  ]);
});

test('fields of a JSON line, nested ones joined; none of a line that is not JSON', () => {
  expect(fieldsOf('{"a":1,"http":{"route":"/x","ok":true},"list":[1,2],"n":null}')).toEqual({
    a: '1',
    http_route: '/x',
    http_ok: 'true',
    list: '[1,2]',
    n: 'null',
  });
  expect(fieldsOf('{"a":')).toEqual({});
  expect(fieldsOf('plain text')).toEqual({});
});

test('a line keeps its nanoseconds, and its level comes from the stream before the line', () => {
  const raw = { ns: '1795256329123010651', line: '{"level":"info","message":"hello"}' };
  const line = toLogLine({ ...raw, labels: { level: 'error', detected_level: 'warn', a: 'b' } });
  expect(line).toMatchObject({
    ns: '1795256329123010651',
    at: '2026-11-21T10:18:49.123Z',
    level: 'error',
    message: 'hello',
    labels: { level: 'error', a: 'b' },
  });
  expect(toLogLine({ ...raw, labels: {} }).level).toBe('info');
});

const config = testConfig();

test('a form becomes a LogQL query, and a typed query stays as it is', () => {
  const form = { environment: 'production', service: 'shop-api', level: 'error' as const, text: 'a"b' };
  expect(searchQuery(config, form)).toBe(
    '{service="shop-api", environment="production"} |~ "(?i)a\\"b" | detected_level="error"',
  );
  expect(searchQuery(config, { query: '{a="b"}' })).toBe('{a="b"}');
  expect(() => searchQuery(config, { query: '{a="b"}', text: 'x' })).toThrow('not both');
  expect(() => searchQuery(config, { service: 'nobody' })).toThrow('There is no service "nobody".');
});
