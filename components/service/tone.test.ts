import { expect, test } from 'vitest';
import { tones } from '@/components/ui/state';
import { FiringAlert, serviceStates } from '@/lib/service/contract';
import { bandTone } from './figure';
import { serviceTone, serviceWord, severityTone } from './tone';

test.each(serviceStates)('a service that is %s has a tone and a word of its own', (state) => {
  expect(tones).toContain(serviceTone[state]);
  expect(serviceStates.filter((other) => serviceWord[other] === serviceWord[state])).toEqual([state]);
});

test('every state of a service was tried, and only the healthy one is quiet', () => {
  expect(Object.keys(serviceTone).toSorted()).toEqual(serviceStates.toSorted());
  expect(serviceStates).toHaveLength(7);
  expect(serviceStates.filter((state) => serviceTone[state] === 'ok')).toEqual(['healthy']);
  expect(serviceTone['no-data']).toBe('unknown');
});

test('every severity has a tone', () => {
  const severities = FiringAlert.shape.severity.options;
  expect(Object.keys(severityTone).toSorted()).toEqual(severities.toSorted());
  expect(severities.map((severity) => severityTone[severity])).toEqual(['crit', 'warn', 'info', 'unknown']);
});

test.each([
  [0.001, null],
  [0.01, null],
  [0.011, 'warn'],
  [0.05, 'warn'],
  [0.051, 'crit'],
])('a ratio of %d against 1 and 5 per cent is %j', (value, tone) => {
  expect(bandTone(value, { warning: 0.01, critical: 0.05 })).toBe(tone);
});
