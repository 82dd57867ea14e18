import { describe, expect, test } from 'vitest';
import { asTable } from '../report/table';
import { SseParser } from './event-stream';
import { consoleSheet } from './figures';
import { gzipKilobytes, weigh } from './first-scripts';

const { asJson, meets } = consoleSheet;

const keys = [
  'demo_first_s',
  'demo_second_s',
  'memory_pss_mb',
  'overview_p95_ms',
  'event_to_browser_p95_ms',
  'overview_js_gzip_kb',
  'pods5000_web_growth_mb',
  'pods5000_list_p95_ms',
];
const machine = { cores: 2, cpu: 'some processor', memoryGb: 24, load: 0.31 };

describe('the JSON of all figures', () => {
  test('has exactly these keys, with value, unit and goal', () => {
    expect(Object.keys(asJson({}))).toEqual(keys);
    expect(asJson({ overview_p95_ms: 41.26 })['overview_p95_ms']).toEqual({
      value: 41.3,
      unit: 'ms',
      goal: '<= 100',
    });
    expect(asJson({})['demo_first_s']).toEqual({ value: null, unit: 's', goal: '<= 180' });
    for (const figure of Object.values(asJson({}))) expect(figure.goal).toMatch(/^<= \d+$/);
  });

  test('the goals are those of the issue', () => {
    expect(Object.values(asJson({})).map(({ goal }) => goal)).toEqual(
      [180, 60, 3000, 100, 500, 200, 200, 100].map((bound) => `<= ${bound}`),
    );
    expect(meets('overview_p95_ms', 100)).toBe(true);
    expect(meets('overview_p95_ms', 100.1)).toBe(false);
  });
});

test('the table names the cores, every figure, and whether its goal is met', () => {
  const lines = asTable(consoleSheet, { demo_first_s: 200, demo_second_s: 20 }, machine).split('\n');
  expect(lines[0]).toContain('2 cores');
  expect(lines.slice(3).map((line) => line.split(' ')[0])).toEqual(keys);
  expect(lines[3]).toMatch(/200\s+s\s+<= 180\s+NOT MET/);
  expect(lines[4]).toMatch(/20\s+s\s+<= 60\s+met\b/);
  expect(lines[5]).toMatch(/–\s+MB\s+<= 3000\s+not measured/);
});

test('an event stream is read whatever pieces it comes in', () => {
  const text = ': heartbeat\n\ndata: {"a":1}\n\nevent: x\ndata: one\ndata: two\r\n\r\ndata: {"cut"';
  const expected = ['{"a":1}', 'one\ntwo'];
  for (let size = 1; size <= text.length; size++) {
    const parser = new SseParser();
    const heard: string[] = [];
    for (let at = 0; at < text.length; at += size) heard.push(...parser.take(text.slice(at, at + size)));
    expect(heard).toEqual(expected);
  }
});

test('scripts are weighed as they travel', () => {
  const script = { path: '/a.js', ...weigh(Buffer.from('a'.repeat(10_000))) };
  expect(script.bytes).toBe(10_000);
  expect(script.gzip).toBeLessThan(200);
  expect(gzipKilobytes([script, script])).toBeCloseTo((2 * script.gzip) / 1000);
});
