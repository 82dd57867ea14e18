import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { lintRules } from './lint';
import { parsePromql } from './promql/parse';
import { mistakes } from './testing/mistakes';

const file = 'rules.yaml';
const asFile = (expr: string, more: object = {}): string =>
  stringify(
    { groups: [{ name: 'g', rules: [{ alert: 'A', expr, labels: { severity: 'warning' }, ...more }] }] },
    { lineWidth: 0 },
  );
const lint = (text: string) => lintRules([{ file, text }]).findings;
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('( ', '(').trim();

describe.each(mistakes)('$expr', ({ expr, ids, corrected }) => {
  const found = lint(asFile(expr));

  test('is found', () => {
    expect(found.map((one) => one.id)).toEqual(ids);
    for (const one of found) {
      expect(one.says).toMatch(/[^.]\.$/);
      expect(one.why).toMatch(/[^.]\.$/);
    }
  });

  test('is corrected to what parses and has no findings', () => {
    const exprs = found.flatMap((one) => [
      one.corrected?.expr ?? '',
      ...(one.corrected?.alternatives ?? []).map((other) => other.expr),
    ]);
    expect(exprs.every((one) => one !== '')).toBe(true);
    for (const one of exprs) {
      expect(parsePromql(one).problem, one).toBe(null);
      expect(lint(asFile(one)), one).toEqual([]);
    }
    if (corrected !== undefined) expect(oneLine(exprs[0] ?? '')).toBe(corrected);
  });
});

test('a mistake is found wherever it stands, and its correction is whole there too', () => {
  const frames: ((inner: string) => string)[] = [
    (inner) => inner,
    (inner) => `(${inner})`,
    (inner) => `(${inner}) or vector(0) > 1`,
    (inner) => `up == 1 and on (job) (${inner})`,
    (inner) => `# why\n${inner}\n# end`,
    (inner) => `count(${inner}) > 3`,
    (inner) => `absent(${inner})`,
  ];
  let cases = 0;
  fc.assert(
    fc.property(fc.constantFrom(...mistakes), fc.constantFrom(...frames), ({ expr, ids }, frame) => {
      const found = lint(asFile(frame(expr)));
      expect(found.map((one) => one.id).filter((id) => ids.includes(id)).length).toBeGreaterThanOrEqual(
        ids.length,
      );
      for (const one of found) {
        const text = one.corrected?.expr;
        if (text === undefined) continue;
        expect(parsePromql(text).problem, text).toBe(null);
        expect(
          lint(asFile(text)).filter((other) => other.corrected?.expr !== undefined),
          text,
        ).toEqual([]);
      }
      cases += 1;
    }),
    { numRuns: 600 },
  );
  expect(cases).toBe(600);
});

test('rules that are well written have no findings', () => {
  const text = fs.readFileSync(path.join(import.meta.dirname, 'testing/well-written.yaml'), 'utf8');
  const { findings, rules } = lintRules([{ file, text }]);
  expect(findings).toEqual([]);
  expect(rules).toBeGreaterThan(50);
});

test.each([
  ['in one line', 'expr: rate(a_total{status="500"}[5m]) > 0.5', 5, 15],
  ['in quotes', `expr: 'up == 1 and on (job) (rate(a_total{status="500"}[5m]) > 0.5)'`, 5, 38],
  [
    'in double quotes',
    'expr: "up{a=\\"b\\"} == 1 and on (job) (rate(a_total{status=\\"500\\"}[5m]) > 0.5)"',
    5,
    47,
  ],
  [
    'literal',
    'expr: |\n          up == 1\n          and on (job) (\n            rate(a_total{status="500"}[5m]) > 0.5)',
    8,
    13,
  ],
  [
    'folded',
    'expr: >-\n          up == 1\n          and on (job) (rate(a_total{status="500"}[5m])\n          > 0.5)',
    7,
    25,
  ],
])('the column is that of the expression %s', (_, expr, line, column) => {
  const text = `groups:\n  - name: g\n    rules:\n      - alert: A\n        ${expr}\n        labels: { severity: info }\n`;
  expect(lint(text)).toMatchObject([{ id: 'X-01', file, line, column }]);
});

test('labels that a template names survive the sum', () => {
  const annotations = {
    summary: '{{ $labels.region }} {{ $labels.status }}',
    more: '{{ index $labels "pod" }} {{ $labels.severity }}',
  };
  const [found] = lint(asFile('rate(a_total{status="500"}[5m]) > 0.5', { annotations }));
  expect(found?.corrected?.expr).toContain('sum by (job, region, pod) (rate(a_total[5m]))');
});

test.each([
  ['rate(a_total[5m]', 1, 'the expression ends too early'],
  ['a_total >', 1, 'the expression ends too early'],
  ['sum by (job (a_total)', 1, 'something is missing before "(a_total)"'],
  ['a_total } 1', 1, 'does not fit here'],
  ['""', 1, 'the expression is empty'],
])('%s is no PromQL, and the place says where', (expr, count, says) => {
  const found = lint(`groups: [{ name: g, rules: [{ record: r, expr: '${expr === '""' ? '' : expr}' }] }]`);
  expect(found).toMatchObject([{ id: 'PROMQL', severity: 'error', line: 1 }]);
  expect(found[0]?.says).toContain(says);
  expect(found).toHaveLength(count);
});

test.each([
  ['parentheses', (depth: number) => `${'('.repeat(depth)}a${')'.repeat(depth)}`],
  ['sums', (depth: number) => Array.from({ length: depth }, (_, index) => `a${index}`).join(' + ')],
  ['signs', (depth: number) => `${'-'.repeat(depth)}a`],
  ['calls', (depth: number) => `${'abs('.repeat(depth)}a${')'.repeat(depth)}`],
])('%s of any depth are read or passed over', (_, nest) => {
  expect(lint(asFile(nest(100)))).toEqual([]);
  expect(lint(asFile(nest(3000)))).toMatchObject([{ id: 'PROMQL', severity: 'info' }]);
});

test('no text at all makes the linter throw', () => {
  let cases = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ maxLength: 60 }),
        fc.constantFrom('valueOf', 'toString', '__proto__', 'constructor'),
      ),
      fc.constantFrom('', 'rate(', '{', 'sum by ('),
      (text, before) => {
        const found = lint(asFile(`${before}${text}`));
        expect(Array.isArray(found)).toBe(true);
        cases += 1;
      },
    ),
    { numRuns: 1000 },
  );
  expect(cases).toBe(1000);
});
