import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addLabel,
  copyLabel,
  equals,
  increase,
  quantile,
  quote,
  rate,
  ratio,
  selector,
  stepFor,
  sumBy,
} from './queries';

/** Reads a Go string literal as PromQL's lexer does: an independent reading of what `quote` writes. */
function unquote(literal: string): string {
  expect(literal.startsWith('"') && literal.endsWith('"')).toBe(true);
  let text = '';
  for (let at = 1; at < literal.length - 1; at++) {
    const char = literal[at] ?? '';
    if (char === '"' || char === '\n') throw new Error('The literal ended early.');
    if (char !== '\\') {
      text += char;
      continue;
    }
    const escaped = literal[++at];
    if (escaped === 'x') {
      text += String.fromCharCode(Number.parseInt(literal.slice(at + 1, at + 3), 16));
      at += 2;
    } else if (escaped === '"' || escaped === '\\') text += escaped;
    else throw new Error(`Unknown escape ${escaped}.`);
  }
  return text;
}

test('any label value survives its way into a query', () => {
  let cases = 0;
  const values = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom('"} or vector(1) #', '\\', '\n'),
  );
  fc.assert(
    fc.property(values, (value) => {
      cases++;
      expect(unquote(quote(value))).toBe(value.toWellFormed());
    }),
    { numRuns: 1000 },
  );
  expect(cases).toBe(1000);
});

const series = {
  metric: 'http_requests_total',
  matchers: [{ label: 'status', op: '=~' as const, value: '5..' }],
};

test('the expressions that the console asks', () => {
  const failed = selector(series, [equals('service', 'a"b')]);
  expect(failed.text).toBe('http_requests_total{status=~"5..",service="a\\"b"}');
  expect(rate(failed, 60).text).toBe('rate(http_requests_total{status=~"5..",service="a\\"b"}[60s])');
  const total = selector({ metric: 'http_requests_total', matchers: [] });
  expect(ratio(sumBy([], increase(total, 60)), sumBy(['version'], rate(total, 60))).text).toBe(
    '(sum(increase(http_requests_total[60s]))) / (sum by (version) (rate(http_requests_total[60s])))',
  );
  expect(quantile(0.95, total, 60, ['region']).text).toBe(
    'histogram_quantile(0.95, sum by (le, region) (rate(http_requests_total[60s])))',
  );
});

test('a label with a dollar sign is added as it is', () => {
  const of = sumBy([], rate(selector(series), 60));
  expect(addLabel(of, 'x', 'a$1').text).toContain('"a$$1"');
  expect(copyLabel(of, 'to', 'from').text).toMatch(/, "to", "\$1", "from", "\(\.\*\)"\)$/);
});

test.each([
  [1800, 15],
  [7200, 24],
  [86_400, 288],
  [604_800, 2016],
])('a range of %i s has steps of %i s', (seconds, step) => {
  expect(stepFor(seconds)).toBe(step);
});
