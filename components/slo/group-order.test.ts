import { expect, test } from 'vitest';
import type { SloGroup } from '@/lib/slo/contract';
import { orderGroups } from './group-order';
import { groupSorts } from './page-url';
import { testRowNumbers } from './test-slo';

const group = (key: string, numbers: Partial<SloGroup['numbers']>): SloGroup => ({
  key,
  labels: { region: key },
  word: 'healthy',
  numbers: { ...testRowNumbers(), ...numbers },
});
const unknown = {
  sli: null,
  budgetLeft: null,
  bad: null,
  burn1h: null,
  soonest: { kind: 'unknown' as const },
};
const groups = [
  group('c', { sli: 0.999, budgetLeft: 0.4, bad: 10, burn1h: 0.5, soonest: { kind: 'never' } }),
  group('b', unknown),
  group('a', {
    sli: 0.99,
    budgetLeft: -1,
    bad: 90,
    burn1h: 0.2,
    soonest: { kind: 'spent', recoversInSeconds: null },
  }),
  group('d', { sli: 0.9995, budgetLeft: 0.8, bad: 5, burn1h: 9, soonest: { kind: 'in', seconds: 60 } }),
];
const keysBy = (sort: Parameters<typeof orderGroups>[1]) =>
  orderGroups(groups, sort)
    .map(({ key }) => key)
    .join('');

test('groups are ordered worst first, and what is not known is last', () => {
  expect(keysBy(null)).toBe('cbad');
  expect(keysBy('name')).toBe('abcd');
  expect(keysBy('level')).toBe('acdb');
  expect(keysBy('left')).toBe('acdb');
  expect(keysBy('failed')).toBe('acdb');
  expect(keysBy('burn')).toBe('dcab');
  expect(keysBy('gone').slice(0, 2)).toBe('ad');
  expect(groupSorts.every((sort) => orderGroups(groups, sort).length === groups.length)).toBe(true);
  expect(keysBy(null)).toBe('cbad');
});
