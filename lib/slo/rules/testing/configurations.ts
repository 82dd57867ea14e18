import fc from 'fast-check';
import { testConfig } from '@/lib/service/testing/config';

/** Label values that try to leave their string, and words that try to be a template or a comment. */
export const nasty = [
  'plain',
  'a"b',
  "a'b",
  'a`b',
  'a\\b',
  '\\',
  '\\"',
  '"} or vector(1) #',
  '",status="200',
  '{{ $value }}',
  '{{ "{{" }}',
  '}}',
  '%d %[1]q %%',
  '$1',
  '#',
  ': - [',
  'two\nlines',
  'tab\tand\rreturn',
  '\u0001\u007f\u0085\u2028\u2029\ufeff',
  '日本 🙂',
  '.*',
] as const;

const value = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }));
const matcher = fc.record({
  label: fc.constantFrom('status', 'code', 'job', 'path'),
  op: fc.constantFrom('=', '!='),
  value,
});
const series = fc.record({
  metric: fc.constantFrom('http_requests_total', 'ns:odd:total', '_x'),
  matchers: fc.array(matcher, { maxLength: 3 }),
});
const below = fc.constantFrom('300ms', '1s', '2.5s', '1000s', '5m');
const indicator = fc.oneof(
  fc.constant('availability'),
  fc.record({ kind: fc.constant('events'), total: series, bad: series }),
  fc.record({ kind: fc.constant('events'), total: series, good: series }),
  fc.record({ kind: fc.constant('latency'), buckets: series, below }),
  fc.record({ kind: fc.constant('latency-native'), histogram: series, below }),
  fc.record({
    kind: fc.constant('probe'),
    gauge: series,
    healthy: fc.record({
      op: fc.constantFrom('>=', '<=', '>', '<', '=='),
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
    }),
  }),
);
const slices = fc.oneof(
  fc.record({ timeslices: fc.constantFrom('1m', '5m') }),
  fc.record({ timeslices: fc.constantFrom('1m', '5m'), target: fc.constantFrom('99.5', '100', '33.333333') }),
);
const isProbe = (of: unknown) => typeof of === 'object' && of !== null && 'kind' in of && of.kind === 'probe';

const slo = fc
  .record({
    name: fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary', minLength: 1, maxLength: 20 })),
    objective: fc.constantFrom('50', '90', '95', '99', '99.9', '99.95', '99.999', '99.999999', '0.5'),
    window: fc.oneof(
      fc.constantFrom('1h', '1d', '7d', '28d', '30d', '90d', '366d'),
      fc.record({
        calendar: fc.constantFrom('week', 'month', 'quarter'),
        zone: fc.constantFrom(
          'UTC',
          'Europe/Berlin',
          'America/New_York',
          'Asia/Kolkata',
          'Pacific/Kiritimati',
        ),
      }),
    ),
    indicator,
    slices: fc.option(slices),
    groupBy: fc.option(fc.uniqueArray(fc.constantFrom('region', 'endpoint', 'customer'), { maxLength: 3 })),
    scope: fc.constantFrom('service', 'written'),
    minFailures: fc.integer({ min: 1, max: 1000 }),
    clientErrors: fc.constantFrom([], ['429', '499'], ['4xx']),
    maintenance: fc.constantFrom('counts', 'excluded'),
  })
  .map(({ slices: chosen, groupBy, indicator: of, clientErrors, ...rest }) => ({
    ...rest,
    indicator: of,
    ...(of === 'availability' ? { clientErrors } : {}),
    method: isProbe(of) ? (chosen ?? { timeslices: '1m' }) : (chosen ?? 'occurrences'),
    ...(groupBy === null ? {} : { groupBy }),
  }));

/** A configuration with so many objectives of every kind, and with whatever people may write into them. */
export const generatedConfig = (size: number, seed: number) =>
  testConfig(
    {},
    {
      slos: fc.sample(slo, { numRuns: size, seed }).map((one, index) => ({
        ...one,
        id: `slo-${index}`,
        service: index % 2 === 0 ? 'shop-api' : 'mailer',
        name: one.name.replaceAll('\0', ' '),
      })),
    },
  );
