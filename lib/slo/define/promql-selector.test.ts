import fc from 'fast-check';
import { expect, test } from 'vitest';
import { selector } from '@/lib/sources/prometheus/queries';
import { readSelector } from './promql-selector';

const name = fc
  .stringMatching(/^[A-Za-z_:][A-Za-z0-9_:]{0,12}$/)
  .filter((text) => !/^(sum|rate|increase|by)$/.test(text));
const matcher = fc.record({
  label: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/),
  op: fc.constantFrom('=' as const, '!=' as const, '=~' as const, '!~' as const),
  value: fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
    fc.constantFrom('"', '\\', '{}', '\n', '"} or up{a="', "'", '`', '\u0000', '\u007f', '日本'),
  ),
});

test('what the selector builder writes is read back as it was, in every wrapping', () => {
  let cases = 0;
  fc.assert(
    fc.property(name, fc.array(matcher, { maxLength: 4 }), (metric, matchers) => {
      cases++;
      const series = { metric, matchers };
      const { text } = selector(series);
      expect(readSelector(text)).toEqual({ series, groupBy: null });
      expect(readSelector(`sum(rate(${text}[5m]))`)).toEqual({ series, groupBy: [] });
      expect(readSelector(` sum by (a, b) ( increase(${text}[{{.window}}]) ) `)).toEqual({
        series,
        groupBy: ['a', 'b'],
      });
      expect(readSelector(`sum(${text}) by (a)`)).toEqual({ series, groupBy: ['a'] });
    }),
    { numRuns: 500 },
  );
  expect(cases).toBe(500);
});

test.each<[string, string]>([
  ["up{a='it''s'}", 'two strings in a row'],
  ['up{a="b"} or up', 'an operator'],
  ['up{a="b"', 'an open brace'],
  ['up{a="\\q"}', 'an unknown escape'],
  ['sum(rate(up[5m])', 'an open parenthesis'],
  ['sum without (a) (up)', 'without'],
  ['max(up)', 'another aggregation'],
  ['rate(up[5m]) * 60', 'arithmetic'],
  ['rate(up)', 'no range'],
  ['{a="b"}', 'no metric'],
  ['{__name__=~"a|b"}', 'several metrics'],
  ['up offset 5m', 'an offset'],
  ['up{a="b" b="c"}', 'no comma'],
  ['', 'nothing'],
])('not taken over: %s (%s)', (query) => {
  expect(readSelector(query)).toBeNull();
});

test.each<[string, string]>([
  ["up{a='it\\'s'}", "it's"],
  ['up{a=`\\d+`}', '\\d+'],
  ['up{a="\\u00e9\\x41\\101\\n\\t",}', 'éAA\n\t'],
  ['up{a="\\xc3\\xa9"}', 'é'],
  ['{__name__="up", a="b"}', 'b'],
])('%s has the value %j', (query, value) => {
  expect(readSelector(query)).toEqual({
    series: { metric: 'up', matchers: [{ label: 'a', op: '=', value }] },
    groupBy: null,
  });
});
