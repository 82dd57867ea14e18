import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeTail } from './merge-tail';
import { aroundQuery, lineKey, narrow, traceQuery } from './narrow';
import { logLine } from './test-lines';

describe('mergeTail', () => {
  const [a, b, c] = [logLine(1), logLine(2), logLine(3)];
  it('keeps the search as it is while nothing came', () => {
    expect(mergeTail([c, a, b], [], 'newest')).toEqual([c, a, b]);
  });
  it('joins without doubles, in the wanted order', () => {
    expect(mergeTail([b, a], [b, c], 'newest')).toEqual([c, b, a]);
    expect(mergeTail([a, b], [b, c], 'oldest')).toEqual([a, b, c]);
  });
  it('drops the oldest beyond the limit', () => {
    expect(mergeTail([a, b], [c], 'oldest', 2)).toEqual([b, c]);
  });
  it('keeps two lines of one instant apart', () => {
    const twin = logLine(1, { line: 'other', message: 'other' });
    expect(mergeTail([a], [twin], 'oldest')).toHaveLength(2);
  });
  it('holds each line once, sorted, whatever comes', () => {
    let cases = 0;
    const lines = fc.array(
      fc.integer({ min: 0, max: 40 }).map((n) => logLine(n)),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 40 })), lines, (searched, tail) => {
        cases += 1;
        const merged = mergeTail(
          searched.map((n) => logLine(n)),
          [...tail, logLine(41)],
          'oldest',
        );
        const keys = merged.map(lineKey);
        expect(new Set(keys).size).toBe(keys.length);
        expect(merged.map((line) => BigInt(line.ns))).toEqual(
          merged.map((line) => BigInt(line.ns)).toSorted((x, y) => (x < y ? -1 : 1)),
        );
      }),
      { numRuns: 200 },
    );
    expect(cases).toBe(200);
  });
});

describe('narrowing a query', () => {
  const line = logLine(1, { fields: { trace_id: 'abc', pod: 'p-1', status: '500' } });
  it('adds a label condition', () => {
    expect(narrow('{a="b"}', { name: 'region', value: 'x', from: 'label' }, false, line.labels)).toBe(
      '{a="b"} | region="x"',
    );
  });
  it('parses once for fields', () => {
    const once = narrow('{a="b"}', { name: 'status', value: '500', from: 'field' }, false, line.labels);
    expect(once).toBe('{a="b"} | json | status="500"');
    expect(narrow(once, { name: 'path.name', value: 'a"b\\', from: 'field' }, true, line.labels)).toBe(
      '{a="b"} | json | status="500" | path_name!="a\\"b\\\\"',
    );
  });
  it('names a field as Loki does when a label has its name', () => {
    expect(narrow('{a="b"}', { name: 'service', value: 'x', from: 'field' }, false, line.labels)).toBe(
      '{a="b"} | json | service_extracted="x"',
    );
  });
  it('looks around a line in its pod, at every level', () => {
    expect(aroundQuery(line)).toBe('{service="architect-api", environment="production"} |= "p-1"');
  });
  it('finds the lines of a trace, and none where the line has no trace', () => {
    expect(traceQuery(line)).toBe('{environment="production"} |= "abc"');
    expect(traceQuery(logLine(2))).toBeNull();
  });
});
