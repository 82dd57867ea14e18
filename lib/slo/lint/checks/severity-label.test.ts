import { expect, test } from 'vitest';
import { lintRules } from '../lint';

type Entries = Record<string, string>;
const rule = (name: string, labels: Entries, annotations: Entries = {}): string =>
  `      - ${JSON.stringify({ alert: name, expr: 'up == 0', labels, annotations })}`;
const lint = (...rules: string[]) =>
  lintRules([{ file: 'rules.yaml', text: `groups:\n  - rules:\n${rules.join('\n')}\n` }]).findings.map(
    (one) => ({
      rule: one.rule,
      severity: one.severity,
      corrected: one.corrected,
      says: one.says,
    }),
  );

test.each([
  [{ severity: 'critical' }, { severity: 'warning' }, { severity: 'none' }],
  [{ severity: 'page' }, { severity: 'ticket' }, { severity: 'page' }],
  [{ severity: 'P1' }, { severity: 'P2' }, { severity: 'P4' }],
  [{ severity: 'high' }, { severity: 'medium' }, { severity: 'low' }],
  [{ severity: 'pageteam' }, { severity: 'slack' }, { severity: 'critical' }],
  [{ sloth_severity: 'page' }, { severity: 'critical' }, { severity: '{{ $labels.severity }}' }],
  [{ severity: 'Critical' }, { severity: 'Warning' }, { severity: 'Info' }],
])('one vocabulary is right: %j %j %j', (...labels) => {
  expect(lint(...labels.map((one, index) => rule(`A${index}`, one)))).toEqual([]);
});

test('words of several vocabularies are brought to one, the rest is left alone', () => {
  const words = [
    'critical',
    'page',
    'P0',
    'P2',
    'high',
    'ticket',
    'low',
    'P4',
    'info',
    'Warning',
    'warning',
    'team',
  ];
  const found = lint(...words.map((severity) => rule(severity, { severity })));
  expect(Object.fromEntries(found.map((one) => [one.rule, one.corrected?.labels?.['severity']]))).toEqual({
    page: 'critical',
    P0: 'critical',
    P2: 'warning',
    high: 'warning',
    ticket: 'warning',
    low: 'info',
    P4: 'info',
    Warning: 'warning',
  });
  expect(new Set(found.map((one) => one.severity))).toEqual(new Set(['warning']));
});

test('a severity among the annotations is an error, and moves to the labels', () => {
  expect(lint(rule('A', {}, { severity: 'critical' }))).toEqual([
    {
      rule: 'A',
      severity: 'error',
      corrected: { labels: { severity: 'critical' }, annotations: { severity: null } },
      says: 'severity stands under annotations: no route can see it.',
    },
  ]);
  // With a label as well it is only a text for people.
  expect(lint(rule('A', { severity: 'info' }, { severity: 'info' }))).toEqual([]);
});

test('a missing severity is named, and nobody guesses it', () => {
  expect(lint(rule('A', { team: 'x' }))).toMatchObject([{ severity: 'warning', corrected: null }]);
});

test('a runbook is linked under runbook_url: a remark, a warning where rules differ', () => {
  const one = rule('A', { severity: 'info' }, { runbook: 'https://a.example/b' });
  expect(lint(one)).toMatchObject([
    { severity: 'info', corrected: { annotations: { runbook: null, runbook_url: 'https://a.example/b' } } },
  ]);
  const other = rule('B', { severity: 'info' }, { runbook_url: 'https://a.example/c' });
  expect(lint(one, other)).toMatchObject([{ rule: 'A', severity: 'warning' }]);
});
