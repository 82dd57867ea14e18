import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { formatProblem } from './problem';
import { timeSlices, windowSeconds } from './slo';
import { validateConfig } from './validate';

const example = fs.readFileSync(path.resolve(import.meta.dirname, '../../signalbox.example.yaml'), 'utf8');
const plain = { id: 'a', service: 'fraiseql-api', name: 'A', objective: '99.9' };
const requests = { metric: 'fraiseql_requests_total' };

/** The example with one objective in place of its own. */
function check(slo: object) {
  const document = parseDocument(example);
  document.set('slos', document.createNode([{ ...plain, ...slo }]));
  return validateConfig(document.toString(), 'c.yaml');
}
const problems = (slo: object) =>
  check(slo)
    .problems.map(formatProblem)
    .map((text) => text.replace(/^c\.yaml:\d+:\d+: /, ''));
function parsed(slo: object) {
  const { config, problems: found } = check(slo);
  expect(found.map(formatProblem)).toEqual([]);
  const [first] = config?.slos ?? [];
  if (first === undefined) throw new Error('The objective is gone.');
  return first;
}

test('an id that is an address of the console is refused', () => {
  expect(problems({ id: 'adopted' })).toEqual([expect.stringContaining('adopted is taken by the console')]);
  expect(parsed({ id: 'adopted-2' }).id).toBe('adopted-2');
});

test('the short form has every default', () => {
  expect(parsed({})).toEqual({
    ...plain,
    window: { kind: 'rolling', seconds: 2_592_000 },
    method: 'occurrences',
    indicator: 'availability',
    scope: 'service',
    minFailures: 1,
    clientErrors: [],
    maintenance: 'counts',
    exclusions: [],
  });
});

test.each([
  ['7d', 604_800],
  ['28d', 2_419_200],
  ['90d', 7_776_000],
  [{ calendar: 'week', zone: 'UTC' }, 608_400],
  [{ calendar: 'month', zone: 'Europe/Berlin' }, 2_682_000],
  [{ calendar: 'quarter', zone: 'America/New_York' }, 7_952_400],
])('the window %j has at most %i s', (window, seconds) => {
  expect(windowSeconds(parsed({ window }))).toBe(seconds);
});

test('a calendar window keeps its unit and zone', () => {
  const { window } = parsed({ window: { calendar: 'month', zone: 'Europe/Berlin' } });
  expect(window).toEqual({ kind: 'calendar', unit: 'month', zone: 'Europe/Berlin' });
});

test('time slices have a length and a target, which is the objective when absent', () => {
  expect(timeSlices(parsed({}))).toBeNull();
  expect(timeSlices(parsed({ method: { timeslices: '1m' } }))).toEqual({ seconds: 60, target: '99.9' });
  const own = parsed({ method: { timeslices: '5m', target: '100' } });
  expect(timeSlices(own)).toEqual({ seconds: 300, target: '100' });
});

test('client errors are numbers or texts', () => {
  expect(parsed({ clientErrors: [429, '499'] }).clientErrors).toEqual(['429', '499']);
  expect(parsed({ clientErrors: ['4xx'] }).clientErrors).toEqual(['4xx']);
});

const noBudget =
  'must be below 100: at 100 % there is no error budget, and a burn rate would divide by zero.';
test.each<[string, object, string | RegExp]>([
  ['100', { objective: '100' }, `"100" ${noBudget}`],
  ['100.0', { objective: '100.000' }, `"100.000" ${noBudget}`],
  ['more', { objective: '250' }, `"250" ${noBudget}`],
  ['nothing', { objective: '0.0' }, 'must be above 0: at 0 % no failure would ever count'],
  [
    'a number',
    { objective: 99.9 },
    'of the wrong type. Expected: Target in per cent, as decimal text in quotes',
  ],
  ['a sign', { objective: '-1' }, 'must be a percentage in decimal text'],
  ['too many digits', { objective: '99.12345678' }, 'at most six digits'],
  ['a month', { window: '1M' }, 'months and quarters differ in length, so write {calendar: month'],
  ['a bad unit', { window: '30 days' }, '"30 days" must be a duration such as 7d, 28d, 30d or 90d'],
  ['an odd window', { window: '61m' }, 'must be whole five minutes'],
  ['a short window', { window: '5m' }, 'must be an hour or more'],
  ['a long window', { window: '400d' }, 'must be 366 d or less'],
  [
    'a bad calendar unit',
    { window: { calendar: 'year', zone: 'UTC' } },
    '"year" is not allowed. Use one of week',
  ],
  [
    'a misspelt zone',
    { window: { calendar: 'month', zone: 'Europe/Berlni' } },
    'must be an IANA time zone such as Europe/Berlin; the nearest name is Europe/Berlin',
  ],
  [
    'an offset',
    { window: { calendar: 'month', zone: '+01:00' } },
    'slos[0].window.zone: "+01:00" must be an IANA',
  ],
  ['no zone', { window: { calendar: 'month' } }, 'slos[0].window.zone: is missing. Expected: A time zone'],
  ['a wrong slice', { method: { timeslices: '2m' } }, '"2m" is not allowed. Use one of 1m, 5m'],
  ['a misspelt method', { method: 'occurences' }, '"occurences" is not allowed. Did you mean occurrences?'],
  [
    'a kind',
    { indicator: { kind: 'latncy' } },
    'indicator.kind: "latncy" is not allowed. Did you mean latency?',
  ],
  ['no kind', { indicator: { total: requests } }, 'indicator.kind: is missing. Use one of events, latency'],
  ['no total', { indicator: { kind: 'events', bad: requests } }, 'slos[0].indicator.total: is missing'],
  ['neither', { indicator: { kind: 'events', total: requests } }, 'exactly one of good and bad beside total'],
  [
    'both',
    { indicator: { kind: 'events', total: requests, good: requests, bad: requests } },
    'exactly one of good and bad beside total',
  ],
  ['no bound', { indicator: { kind: 'latency' } }, 'slos[0].indicator.below: is missing'],
  ['a bound of 0', { indicator: { kind: 'latency', below: '0ms' } }, 'must be a duration above 0'],
  [
    'a bound twice',
    {
      indicator: {
        kind: 'latency',
        below: '300ms',
        buckets: { metric: 'x_bucket', matchers: [{ label: 'le', op: '=', value: '1' }] },
      },
    },
    'the buckets are picked by le, but the bound comes from below',
  ],
  [
    'a probe without slices',
    { indicator: { kind: 'probe', gauge: { metric: 'probe_success' }, healthy: { op: '==', value: 1 } } },
    'a probe has no events to count, so its method must be {timeslices: 1m}',
  ],
  ['a 5xx', { clientErrors: ['503'] }, 'slos[0].clientErrors[0]: "503" must be a 4xx status'],
  ['a 2xx', { clientErrors: [200] }, 'must be a 4xx status such as 429'],
  [
    'client errors of events',
    { clientErrors: ['429'], indicator: { kind: 'events', total: requests, bad: requests } },
    'client errors can be chosen for the indicator availability only',
  ],
  ['le as a group', { groupBy: ['le'] }, 'the label le cannot tell groups apart'],
  ['no label', { groupBy: ['a-b'] }, 'must be a Prometheus label name'],
  [
    'no service',
    { service: 'fraisql-api' },
    'the service fraisql-api does not exist. Did you mean fraiseql-api?',
  ],
  ['no environment', { environments: ['prod'] }, 'the environment prod does not exist.'],
  ['written everywhere', { scope: 'written' }, 'would count the same events in production and staging.'],
  ['no failures', { minFailures: 0 }, /minFailures/],
])('refused: %s', (_name, slo, said) => {
  const found = problems(slo);
  expect(found).toHaveLength(1);
  if (typeof said === 'string') expect(found[0]).toContain(said);
  else expect(found[0]).toMatch(said);
});

test('a service whose failures are a metric of its own cannot have 4xx added', () => {
  const text = example.replace(
    /metric: fraiseql_requests_total\n\s+matchers: .*\n/,
    'metric: fraiseql_errors_total\n',
  );
  const document = parseDocument(text);
  document.set('slos', document.createNode([{ ...plain, clientErrors: ['429'] }]));
  const found = validateConfig(document.toString(), 'c.yaml').problems.map(formatProblem);
  expect(found.join()).toContain(
    'client errors cannot be added: the failed requests are counted by fraiseql_errors_total, which has no 4xx in it',
  );
});
