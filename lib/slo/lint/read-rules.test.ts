import { describe, expect, test } from 'vitest';
import { OpsError } from '@/lib/core/errors';
import { lintRules } from './lint';
import { readRules } from './read-rules';
import { readSeriesBook } from './series-book';

const file = 'rules.yaml';
const read = (text: string) => readRules({ file, text });
const lint = (text: string) => lintRules([{ file, text }]).findings;

describe('files that hold no rules', () => {
  test.each([
    ['broken YAML', 'groups:\n  - name: "a\n', /^rules\.yaml:\d+:\d+: not valid YAML: [A-Z]/],
    ['another document', 'a: 1\nb: 2\n', /^rules\.yaml:1:1: no rule file: it has no groups/],
    ['a text', 'hello', /^rules\.yaml:1:1: no rule file/],
    ['groups of another kind', 'groups:\n  a: b\n', /^rules\.yaml:2:3: groups is not a list\.$/],
    ['a group of another kind', 'groups:\n  - a\n', /^rules\.yaml:2:5: a group is not a mapping/],
    [
      'rules of another kind',
      'groups:\n  - name: a\n    rules: 5\n',
      /^rules\.yaml:3:12: rules is not a list\.$/,
    ],
    [
      'a rule of another kind',
      'groups:\n  - rules:\n      - up\n',
      /^rules\.yaml:3:9: a rule is not a mapping/,
    ],
    ['a key twice', 'groups: []\ngroups: []\n', /^rules\.yaml:2:1: not valid YAML: /],
    [
      'a template of Helm',
      'groups:\n{{- range .Values.groups }}\n  - {{ . }}\n',
      /^rules\.yaml:\d+:\d+: not valid YAML/,
    ],
  ])('%s is a sentence with its place', (_, text, says) => {
    expect(() => read(text)).toThrow(OpsError);
    expect(() => read(text)).toThrow(says);
  });

  test.each([
    '',
    '# nothing\n',
    'groups:\n',
    'groups: []\n',
    'groups:\n  - name: a\n    rules:\n',
    '---\n---\n',
  ])('%j has none, and that is no mistake', (text) => {
    expect(read(text)).toEqual({ rules: [], findings: [] });
  });
});

describe('forms of rule files', () => {
  const rule = 'alert: A\n        expr: up == 0\n        labels: { severity: info }';

  test('a PrometheusRule of Kubernetes, and several documents', () => {
    const text = `kind: PrometheusRule\nspec:\n  groups:\n    - rules:\n      - ${rule}\n---\ngroups:\n  - rules:\n      - ${rule}\n`;
    expect(read(text).rules.map((one) => [one.name, one.place.line])).toEqual([
      ['A', 5],
      ['A', 11],
    ]);
    expect(lint(text)).toEqual([]);
  });

  test('anchors, aliases and merged mappings are followed, and point to where the text stands', () => {
    const text = [
      'groups:',
      '  - name: g',
      '    rules:',
      '      - &first',
      '        alert: A',
      '        expr: &e histogram_quantile(0.9, a_seconds) > 1',
      '        labels: &l { severity: info }',
      '      - { alert: B, expr: *e, labels: { <<: *l, team: x } }',
      '      - { <<: *first, alert: C }',
    ].join('\n');
    const { rules } = read(text);
    expect(rules.map((one) => [one.name, one.labels.map((label) => label.key)])).toEqual([
      ['A', ['severity']],
      ['B', ['team', 'severity']],
      ['C', ['severity']],
    ]);
    expect(lint(text).map((one) => [one.id, one.rule, one.line, one.column])).toEqual(
      ['A', 'B', 'C'].map((name) => ['X-02', name, 6, 42]),
    );
  });

  test('aliases that multiply are stopped', () => {
    const rules = Array.from({ length: 400 }, () => '      - { record: r, expr: a }').join('\n');
    const groups = Array.from({ length: 200 }, () => '  - *g').join('\n');
    expect(() => read(`groups:\n  - &g\n    rules:\n${rules}\n${groups}\n`)).toThrow(/more than 50000 rules/);
  });
});

describe('X-35', () => {
  test('the other dialect is read, said and given back whole, with all that was corrected', () => {
    const [list, dialect, ratio, ...others] = lint(
      '- name: Fails\n  expr: |\n    a_failed_total / a_total > 0.05\n  for: 5m\n  action: page_on_call\n  annotations: { runbook: "https://x.example/y" }\n',
    );
    expect(list).toMatchObject({ id: 'X-35', line: 1, column: 1, rule: null });
    expect(list?.says).toContain('Prometheus looks for groups');
    expect(dialect).toMatchObject({ id: 'X-35', severity: 'error', line: 1, column: 3, rule: 'Fails' });
    expect(dialect?.why).toContain(
      'name: Fails → alert: Fails; action: page_on_call → labels.severity: critical',
    );
    expect(ratio).toMatchObject({ id: 'X-04', line: 3, column: 5 });
    expect(others.map((one) => one.id)).toEqual(['X-37']);
    const whole = dialect?.corrected?.rule ?? '';
    expect(whole).toMatch(/^- alert: Fails\n {2}expr: \|-\n/);
    expect(whole).toContain('sum by (job) (increase(a_total[5m])) >= 20');
    expect(whole).toContain('  labels:\n    severity: critical\n');
    expect(whole).toContain('    runbook_url: https://x.example/y\n');
    expect(lint(`groups:\n  - rules:\n${whole.replaceAll(/^(?=.)/gm, '    ')}`)).toEqual([]);
  });

  test.each([
    ['- { name: A, expr: up, action: notify_slack }', 'warning'],
    ['- { alert: A, expr: up, severity: info }', 'info'],
    ['- { name: A, expr: up, labels: { severity: critical }, action: notify_slack }', 'critical'],
  ])('%s is of severity %s', (text, severity) => {
    expect(read(text).rules[0]?.labels.find((one) => one.key === 'severity')?.field.value).toBe(severity);
  });

  test('an action of unknown meaning stays a label, for somebody to decide', () => {
    const found = lint('groups:\n  - rules:\n      - { name: A, expr: up == 0, action: constructor }\n');
    expect(found.map((one) => one.id)).toEqual(['X-35', 'X-37']);
    expect(found[0]?.corrected?.rule).toContain('action: constructor');
  });

  test.each([
    ['{ alert: A, expr: up, labels: { severity: info }, duration: 5m }', /"duration" is no field/, 59],
    ['{ expr: up }', /neither alert nor record/, 9],
    ['{ alert: A }', /has no expr/, 9],
    ['{ alert: A, expr: , labels: { severity: info } }', /has no expr|the expression is empty/, undefined],
  ])('%s is refused by Prometheus', (text, says, column) => {
    const found = lint(`groups:\n  - rules:\n      - ${text}\n`).filter((one) => one.severity === 'error');
    expect(found).toHaveLength(1);
    expect(found[0]?.says).toMatch(says);
    if (column !== undefined) expect(found[0]?.column).toBe(column);
  });
});

describe('what is known of series', () => {
  const book = readSeriesBook([
    '# HELP a_seconds How long.\n# TYPE a_seconds histogram\na_seconds_bucket{le="1",route="/x{y}"} 3\na_seconds_sum 2\n',
    '# TYPE b_items_total gauge\nb_items_total{queue="q"} 7\n# TYPE c_seconds summary\nc_seconds{quantile="0.5"} 1\n',
    'd_total{x, y}   # Something\n',
  ]);

  test('kinds, parts and labels', () => {
    expect(book.find('a_seconds_bucket')?.name).toBe('a_seconds');
    expect([
      book.find('a_seconds')?.kind,
      book.find('b_items_total')?.kind,
      book.find('c_seconds')?.kind,
    ]).toEqual(['histogram', 'gauge', 'summary']);
    expect([book.labels('d_total'), book.labels('nothing'), book.find('d_total')?.help]).toEqual([
      ['x', 'y'],
      null,
      'Something',
    ]);
  });

  test('only of programs that were given a name is missing', () => {
    expect(['a_other', 'a_seconds_count', 'b_items_total', 'z_total', 'a:b'].map(book.isMissing)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  const expr = (text: string) =>
    lintRules([{ file, text: `groups: [{ rules: [{ record: r, expr: '${text}' }] }]` }], { series: book })
      .findings;

  test.each([
    ['rate(b_items_total[5m]) > 3', 'X-03', 'error'],
    ['histogram_quantile(0.9, c_seconds)', 'X-45', 'error'],
    ['a_seconds > 1', 'X-02', 'error'],
    ['a_missing > 1', 'X-24', 'error'],
    ['d_total / b_items_total', 'X-05', 'error'],
  ])('%s is %s where the kind is declared', (text, id, severity) => {
    expect(expr(text).map((one) => [one.id, one.severity])).toEqual([[id, severity]]);
  });

  test('a declared counter is one, whatever it is called', () => {
    const counter = readSeriesBook(['# TYPE x_queue_total counter\nx_queue_total 1\n']);
    const text = 'groups: [{ rules: [{ record: r, expr: "rate(x_queue_total[5m])" }] }]';
    expect(lintRules([{ file, text }], { series: counter }).findings).toEqual([]);
    expect(lintRules([{ file, text }]).findings.map((one) => [one.id, one.severity])).toEqual([
      ['X-03', 'warning'],
    ]);
  });
});
