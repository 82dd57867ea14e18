import { describe, expect, test } from 'vitest';
import { OpsError } from '@/lib/core/errors';
import { lintRules } from './lint';

const rules = {
  file: 'rules.yaml',
  text: `groups:
  - rules:
      - { alert: Down, expr: up == 0, labels: { severity: critical, team: api } }
      - { alert: Slow, expr: slow == 1, labels: { severity: warning } }
      - { alert: Given, expr: given == 1, labels: { severity: info, tier: "{{ $labels.tier }}" } }
`,
};
const found = (text: string) =>
  lintRules([rules], { alertmanager: { file: 'alertmanager.yaml', text } }).findings.filter(
    (one) => one.file === 'alertmanager.yaml',
  );
const route = (...matchers: string[]): string =>
  `route:\n  receiver: a\n  routes:\n${matchers.map((one) => `    - ${one}\n`).join('')}`;

describe('routes that alerts can reach', () => {
  test.each([
    ['match: { severity: critical }'],
    ['match_re: { severity: "crit.*|page" }'],
    ['matchers: [ severity="critical" ]'],
    ['matchers: [ "severity=~\\"critical|page\\"", team="api" ]'],
    ['matchers: [ severity!="critical" ]'],
    ['matchers: [ severity !~ "critical|info" ]'],
    ['matchers: [\'{severity="info", tier="1"}\']'],
    ['matchers: [ alertname="Slow" ]'],
    // A label that no rule sets may come with the series.
    ['matchers: [ namespace="shop", severity="warning" ]'],
    ['matchers: [ severity=~"(?i)CRITICAL" ]'],
  ])('%s', (text) => {
    expect(found(route(`${text}`))).toEqual([]);
  });
});

describe('routes that none can reach', () => {
  test.each([
    ['match: { severity: page }', 'severity="page"', 4, 16],
    ['matchers: [ severity="Critical" ]', 'severity="Critical"', 4, 19],
    ['matchers: [ severity="critical", alertname="Slow" ]', 'severity="critical", alertname="Slow"', 4, 19],
    ['matchers: [ team="api", severity=~"warn.*|x", alertname="Down" ]', 'alertname="Down"', 4, 19],
    ['match_re: { severity: crit }', 'severity=~"crit"', 4, 19],
  ])('%s', (text, wanted, line, column) => {
    const findings = found(route(text));
    expect(findings).toMatchObject([{ id: 'X-37', severity: 'error', line, column }]);
    expect(findings[0]?.says).toContain(wanted);
  });

  test('one below a route that is reached by others only', () => {
    const text = route(
      'matchers: [ severity="warning" ]\n      routes:\n        - matchers: [ alertname="Down" ]',
    );
    expect(found(text)).toMatchObject([{ id: 'X-37', line: 6, column: 23 }]);
  });

  test('one behind a route that takes everything', () => {
    expect(found(route('receiver: all', 'matchers: [ severity="critical" ]'))).toMatchObject([
      { id: 'X-37', line: 5, says: expect.stringContaining('a route before it takes every alert') },
    ]);
    expect(found(route('{ receiver: all, continue: true }', 'matchers: [ severity="critical" ]'))).toEqual(
      [],
    );
  });
});

test.each([
  ['route: [', /^alertmanager\.yaml:1:\d+: not valid YAML/],
  ['receivers: []', /^alertmanager\.yaml:1:1: no configuration of Alertmanager/],
  ['route:\n  routes:\n    - a\n', /^alertmanager\.yaml:3:7: a route is not a mapping/],
])('%j cannot be read, and the sentence says where', (text, says) => {
  expect(() => found(text)).toThrow(OpsError);
  expect(() => found(text)).toThrow(says);
});
