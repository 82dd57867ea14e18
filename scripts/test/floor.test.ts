import { expect, test } from 'vitest';
import { applyFloor, raised } from './floor';
import { lastLines, secondAttempts, slowestFiles } from './report';

const counts = (passed: number, failed = 0) => ({
  passed,
  failed,
  failures: [],
  secondAttempts: [],
  files: [],
});

test('fewer tests than the floor fail by as many as are missing', () => {
  expect(applyFloor('unit', counts(7, 1), { unit: 10 })).toEqual({
    passed: 7,
    failed: 3,
    failures: ['unit: 2 of at least 10 tests did not run (scripts/test-floor.json).'],
    secondAttempts: [],
    files: [],
  });
});

test('the floor itself, more, and a runner without a floor pass', () => {
  for (const passed of [10, 11]) expect(applyFloor('unit', counts(passed), { unit: 10 }).failed).toBe(0);
  expect(applyFloor('new', counts(0), {}).failed).toBe(0);
});

test('floors only rise', () => {
  expect(raised({ unit: 10, e2e: 5 }, { unit: counts(12), e2e: counts(3, 2), new: counts(1) })).toEqual({
    unit: 12,
    e2e: 5,
    new: 1,
  });
});

test('the last line is the total, and the one before it each runner', () => {
  expect(lastLines({ format: counts(1), unit: counts(40, 2), e2e: counts(9) })).toBe(
    'format 1, unit 40 (2 failed), e2e 9\n50 passed, 2 failed',
  );
});

test('the ten slowest files of all runners are listed', () => {
  const files = Array.from({ length: 8 }, (_, index) => ({ file: `f${index}.ts`, ms: index * 1_000 }));
  const text = slowestFiles({ unit: { ...counts(1), files }, e2e: { ...counts(1), files } });
  expect(text.split('\n')).toHaveLength(10);
  expect(text.split('\n')[0]).toBe('    7.0 s  f7.ts (unit)');
});

test('tests that needed a second attempt are named under a heading of their own, and nothing is said without one', () => {
  const again = { ...counts(2), secondAttempts: ['gate.e2e.ts > opens\nno button\nat line 3'] };
  expect(secondAttempts({ unit: counts(1), e2e: again })).toBe(
    'Needed a second attempt:\n    gate.e2e.ts > opens (e2e)\n        no button\n        at line 3',
  );
  expect(secondAttempts({ unit: counts(1) })).toBeNull();
});
