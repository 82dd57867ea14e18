import { expect, test } from 'vitest';
import { testConfig } from '@/lib/service/testing/config';
import { monthBounds } from './month';
import type { Definition } from './read-definitions';
import { countedUntil, partsOf } from './read-report';

const config = testConfig({}, { reports: { timeZone: 'Europe/Berlin' } });
const { from, to } = monthBounds('2026-11', 'Europe/Berlin');
const day = 86_400;
const defined = (id: number, firstSeen: number, retired: number | null, slo: object = {}): Definition => ({
  id,
  firstSeen,
  retired,
  hash: `hash-${id}`,
  isProbe: false,
  groups: [],
  progress: null,
  slo: {
    id: 'shop-availability',
    service: 'shop-api',
    name: 'Availability',
    objective: '99.95',
    window: { kind: 'rolling', seconds: 30 * day },
    method: 'occurrences',
    scope: 'service',
    indicator: 'availability',
    minFailures: 1,
    maintenance: 'counts',
    exclusions: [],
    ...slo,
  },
});
const told = (definitions: Definition[], month = '2026-11') =>
  partsOf(config, definitions, month).map(({ definition, zone, spans, isEarlier }) => [
    definition.id,
    zone,
    isEarlier,
    spans,
  ]);

test('an objective that was edited in the month has a line for each definition', () => {
  const edited = [defined(1, from - 90 * day, from + 10 * day), defined(2, from + 10 * day, null)];
  expect(told(edited)).toEqual([
    [1, 'Europe/Berlin', true, [{ from, to: from + 10 * day }]],
    [2, 'Europe/Berlin', false, [{ from: from + 10 * day, to }]],
  ]);
  expect(told(edited, '2026-12').map(([id]) => id)).toEqual([2]);
  expect(told(edited, '2026-10').map(([id]) => id)).toEqual([1]);
});

test('one that was taken out of the configuration is no earlier definition of another', () => {
  expect(told([defined(1, from - 90 * day, from + 10 * day)])).toEqual([
    [1, 'Europe/Berlin', false, [{ from, to: from + 10 * day }]],
  ]);
});

test('a calendar window has the months of its own zone', () => {
  const zone = 'Asia/Kolkata';
  const own = defined(3, from, null, { id: 'month', window: { kind: 'calendar', unit: 'month', zone } });
  const bounds = monthBounds('2026-11', zone);
  expect(bounds.to).not.toBe(to);
  expect(told([defined(1, from, null), own])).toEqual([
    [1, 'Europe/Berlin', false, [{ from, to }]],
    [3, zone, false, [bounds]],
  ]);
});

test('a running month is counted up to the newest whole 5 minutes that were read, never past its ends', () => {
  const bounds = { from, to };
  expect(countedUntil(bounds, from + 3 * day + 61)).toBe(from + 3 * day);
  expect(countedUntil(bounds, from + 3 * day + 59)).toBe(from + 3 * day - 300);
  expect(countedUntil(bounds, from + 10)).toBe(from);
  expect(countedUntil(bounds, to + day)).toBe(to);
});
