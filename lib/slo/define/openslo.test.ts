import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { Slo } from '@/lib/config/slo';
import { testConfig } from '@/lib/service/testing/config';
import { definitionHash } from './indicator';
import { exportSlos } from './openslo-export';
import { importOpenSlo, slosBlock } from './openslo-import';

const config = testConfig();
const [service] = config.services;
if (service === undefined) throw new Error('The configuration has no service.');
const exported = (...slos: Slo[]) => exportSlos({ ...config, slos });

const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  fc.constantFrom('a: b', '"', '- x', '#', '{{x}}', '\\', 'true', '1', 'two\nlines', '---'),
);
const label = fc.stringMatching(/^[a-z][a-z_]{0,6}$/).filter((name) => name !== 'le');
const series = fc.record({
  metric: fc.stringMatching(/^[a-z]{4,9}_total$/),
  matchers: fc.array(
    fc.record({
      label,
      op: fc.constantFrom('=', '!=', '=~', '!~'),
      value: text.map((one) => one.toWellFormed()),
    }),
    { maxLength: 3 },
  ),
});
const percent = fc
  .tuple(fc.integer({ min: 1, max: 99 }), fc.stringMatching(/^\d{0,6}$/))
  .map(([whole, fraction]) => (fraction === '' ? String(whole) : `${whole}.${fraction}`));
const below = fc
  .tuple(fc.integer({ min: 1, max: 5000 }), fc.constantFrom('ms', 's'))
  .map((parts) => parts.join(''));
const indicator = fc.oneof(
  fc.constant('availability'),
  fc.record({ kind: fc.constant('events'), total: series, bad: series }),
  fc.record({ kind: fc.constant('events'), total: series, good: series }),
  fc.record({ kind: fc.constant('latency'), below }),
  fc.record({ kind: fc.constant('latency'), below, buckets: series }),
  fc.record({ kind: fc.constant('latency-native'), below, histogram: series }),
  fc.record({
    kind: fc.constant('probe'),
    gauge: series,
    healthy: fc.record({
      op: fc.constantFrom('>=', '<=', '>', '<', '=='),
      value: fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map((value) => (Object.is(value, -0) ? 0 : value)),
    }),
  }),
);
const slices = fc.record(
  { timeslices: fc.constantFrom('1m', '5m'), target: fc.oneof(percent, fc.constantFrom('100', '100.0')) },
  { requiredKeys: ['timeslices'] },
);
const exclusion = fc.oneof(
  fc.constant({ from: '2026-12-20T22:00:00Z', to: '2026-12-21T02:00:00Z', reason: 'Move: "racks"' }),
  fc.constant({
    rule: 'FREQ=WEEKLY;BYDAY=SU',
    starts: '2026-01-04T02:00',
    zone: 'Europe/Berlin',
    lasts: '90m',
    reason: 'Patches',
  }),
);
/** Any definition that the configuration accepts. */
const definition = fc
  .record(
    {
      id: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/),
      name: text,
      objective: percent,
      service: fc.constant('shop-api'),
      description: text,
      window: fc.oneof(
        fc.constantFrom('7d', '28d', '30d', '90d', '4w', '36h', '65m'),
        fc.record({
          calendar: fc.constantFrom('week', 'month', 'quarter'),
          zone: fc.constantFrom('Europe/Berlin', 'UTC', 'America/New_York'),
        }),
      ),
      method: fc.oneof(fc.constant('occurrences'), slices),
      indicator,
      scope: fc.constantFrom('service', 'written'),
      environments: fc.constant(['production']),
      groupBy: fc.array(label, { maxLength: 2 }),
      minFailures: fc.integer({ min: 1, max: 50 }),
      clientErrors: fc.subarray(['429', '499', '4xx']),
      maintenance: fc.constantFrom('counts', 'excluded'),
      exclusions: fc.array(exclusion, { maxLength: 2 }),
    },
    { requiredKeys: ['id', 'name', 'objective', 'service'] },
  )
  .map((form) => Slo.safeParse(form))
  .filter((parsed) => parsed.success)
  .map((parsed) => parsed.data);

test('every definition comes back from a document as it was', () => {
  let cases = 0;
  fc.assert(
    fc.property(definition, (slo) => {
      cases++;
      const { slos, notTaken } = importOpenSlo(exported(slo).text);
      expect(notTaken).toEqual([]);
      expect(slos).toEqual([slo]);
    }),
    { numRuns: 500 },
  );
  expect(cases).toBe(500);
});

test('without annotations, what OpenSLO can say comes back: names, target, window, method and the same counts', () => {
  let cases = 0;
  fc.assert(
    fc.property(definition, (slo) => {
      const { indicator: what } = slo;
      const kind = what === 'availability' ? what : what.kind;
      const documents = parseAllDocuments(exported(slo).text).map((document) => {
        document.deleteIn(['metadata', 'annotations']);
        return document.toString();
      });
      const { slos, notTaken } = importOpenSlo(documents.join('---\n'));
      if (kind === 'latency-native') {
        expect(notTaken).toEqual([
          { object: `SLO ${slo.id}`, says: expect.stringContaining('ratioMetric.raw'), refused: true },
        ]);
        return;
      }
      expect(notTaken).toEqual([]);
      const [back] = slos;
      if (back === undefined) throw new Error('The objective is gone.');
      const said = (one: Slo) => [
        one.id,
        one.name,
        one.description,
        one.service,
        Number(one.objective),
        one.window,
      ];
      expect(said(back)).toEqual(said(slo));
      expect(back.method === 'occurrences').toBe(slo.method === 'occurrences');
      if (what !== 'availability' && what.kind === 'probe' && what.healthy.op === '==') return;
      cases++;
      const counts = (one: Slo) => definitionHash(service, { ...one, groupBy: [] }, 'production');
      expect(counts(back)).toBe(counts(slo));
    }),
    { numRuns: 500 },
  );
  expect(cases).toBeGreaterThan(300);
});

test('the block for signalbox.yaml is read as the same objectives', () => {
  let cases = 0;
  fc.assert(
    fc.property(fc.array(definition, { maxLength: 3 }), (slos) => {
      cases++;
      const [document] = parseAllDocuments(stringify(slosBlock(slos)));
      const raw: { slos?: unknown } = Object(document?.toJS());
      expect(Slo.array().parse(raw.slos)).toEqual(slos);
    }),
    { numRuns: 200 },
  );
  expect(cases).toBe(200);
});
