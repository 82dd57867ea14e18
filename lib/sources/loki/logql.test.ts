import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogQuery } from '@/sandbox/loki/logql/ast';
import { parseQuery } from '@/sandbox/loki/logql/parse';
import {
  anyOf,
  labelName,
  lineCount,
  logQuery,
  quote,
  quotePattern,
  streamSelector,
  volumeByLevel,
} from './logql';

const runs = 1000;

/** Any text a person can send, with the characters that break quoting over-represented. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      '\\',
      '`',
      '\n',
      '\r',
      '\t',
      '\0',
      '{',
      '}',
      '|',
      '#',
      '.*',
      'é',
      '😀',
      '\ufeff',
    ),
  }),
);
const service = { label: 'service', operator: '=', value: 'x' } as const;

function parsed(query: string): LogQuery {
  const found = parseQuery(query);
  if (found.kind !== 'log') throw new Error('not a log query');
  return found;
}

/** Runs a property over many values and asserts that it really saw them. */
function holdsFor(check: (value: string) => void): void {
  let cases = 0;
  fc.assert(
    fc.property(text, (value) => {
      cases += 1;
      check(value);
    }),
    { numRuns: runs },
  );
  expect(cases).toBeGreaterThanOrEqual(runs);
}

test('any value survives as a stream matcher: the grammar reads one matcher with just this value', () => {
  holdsFor((value) => {
    const query = parsed(streamSelector([service, { label: 'pod', operator: '!=', value }]));
    expect(query.matchers.map(({ name, op, value: read }) => [name, op, read])).toEqual([
      ['service', '=', 'x'],
      ['pod', '!=', value],
    ]);
    expect(query.stages).toEqual([]);
  });
});

test('any text survives as a line filter and as a filter that ignores case', () => {
  holdsFor((value) => {
    const exact = parsed(logQuery({ streams: [service], contains: `a${value}` }));
    expect(exact.stages).toHaveLength(1);
    const [stage] = exact.stages;
    if (stage?.kind !== 'line') throw new Error('not a line filter');
    expect([stage.test(`<a${value}>`), stage.test('A')]).toEqual([true, false]);
  });
  holdsFor((value) => {
    const [stage] = parsed(logQuery({ streams: [service], contains: `a${value}`, ignoreCase: true })).stages;
    if (stage?.kind !== 'line') throw new Error('not a line filter');
    expect([stage.test(`<A${value}>`), stage.test('b')]).toEqual([true, false]);
  });
});

test('a quoted pattern matches its text and nothing longer', () => {
  holdsFor((value) => {
    const selector = streamSelector([service, { label: 'pod', operator: '=~', value: quotePattern(value) }]);
    const matcher = parsed(selector).matchers[1];
    expect([matcher?.test(value), matcher?.test(`${value}+`)]).toEqual([true, false]);
  });
});

test('levels become one label filter', () => {
  expect(logQuery({ streams: [service], levels: ['error'] })).toBe('{service="x"} | detected_level="error"');
  const query = logQuery({ streams: [service], contains: 'a"b', excludes: 'c', levels: ['error', 'warn'] });
  expect(query).toBe('{service="x"} |= "a\\"b" != "c" | detected_level=~"error|warn"');
  expect(parsed(query).stages.map(({ kind }) => kind)).toEqual(['line', 'line', 'filter']);
  expect(anyOf(['a.b', 'c'])).toBe('a\\.b|c');
});

test('control characters are written as \\u, lone surrogates replaced', () => {
  expect(quote('a\nb\0"\\')).toBe('"a\\u000ab\\u0000\\"\\\\"');
  expect(quote('\ud800')).toBe('"\ufffd"');
});

test.each(['', '1a', 'a-b', 'a b', 'a"', 'é', 'a\n'])('%j is no label name', (name) => {
  expect(() => labelName(name)).toThrow(/no label name/);
});

test.each([
  [[]],
  [[{ label: 'a', operator: '=', value: '' } as const]],
  [[{ label: 'a', operator: '=~', value: 'b.+' } as const]],
])('a selector without a fixed label is refused: %j', (matches) => {
  expect(() => streamSelector(matches)).toThrow(/every stream/);
});

test('volume and count wrap a query, also one that ends in a comment', () => {
  const query = '{service="x"} |= "y" # why';
  expect(parseQuery(volumeByLevel(query, 60))).toMatchObject({ kind: 'aggregate', inner: { rangeNs: 60e9 } });
  expect(parseQuery(lineCount(query, 3600))).toMatchObject({ kind: 'aggregate', inner: { rangeNs: 3600e9 } });
  expect(() => volumeByLevel(query, 0)).toThrow(/too short/);
});
