import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allowedFailures, budgetRatio, isMet, objectiveOf, parseObjective } from './objective';
import { anyCounts, anyObjective, holds } from './testing/cases';

test.each([
  ['99.95', 0.0005, 0.9995, 1, 2000],
  ['99.9', 0.001, 0.999, 1, 1000],
  ['99', 0.01, 0.99, 1, 100],
  ['95.0', 0.05, 0.95, 1, 20],
  ['99.99', 0.0001, 0.9999, 1, 10_000],
  ['97.5', 0.025, 0.975, 1, 40],
  ['99.999999', 0.00000001, 0.99999999, 1, 100_000_000],
  ['93.06', 0.0694, 0.9306, 347, 5000],
])('%s %% is read to the last digit', (text, budget, target, failures, per) => {
  expect(objectiveOf(text)).toEqual({ text, budget, target, failures, per });
  expect(budgetRatio(text)).toBe(budget);
});

test.each([
  ['100', 'leaves no failure to spend'],
  ['100.0', 'leaves no failure to spend'],
  ['999', 'leaves no failure to spend'],
  ['0', 'is always met'],
  ['0.00', 'is always met'],
  ['99,9', 'is no objective'],
  ['-1', 'is no objective'],
  ['', 'is no objective'],
  ['99.', 'is no objective'],
  ['9e1', 'is no objective'],
  ['NaN', 'is no objective'],
  [' 99.9', 'is no objective'],
  ['99.99999999999', 'more than 10 decimals'],
])('"%s" is refused with the reason', (text, reason) => {
  const parsed = parseObjective(text);
  expect('problem' in parsed ? parsed.problem : '').toContain(reason);
  expect(() => objectiveOf(text)).toThrow(RangeError);
});

test('budget and target are the doubles nearest to the decimal text', () => {
  holds(anyObjective, (text) => {
    const { budget, target, failures, per } = objectiveOf(text);
    const [whole = '', fraction = ''] = text.split('.');
    const scale = 100n * 10n ** BigInt(fraction.length);
    const good = BigInt(`${whole}${fraction}`);
    const decimal = (value: bigint) => Number(`0.${String(value).padStart(fraction.length + 2, '0')}`);
    expect(budget).toBe(decimal(scale - good));
    expect(target).toBe(decimal(good));
    expect(BigInt(failures) * scale).toBe(BigInt(per) * (scale - good));
  });
});

test('an objective is met exactly when whole numbers say so', () => {
  holds(fc.tuple(anyObjective, anyCounts), ([text, counts]) => {
    const objective = objectiveOf(text);
    const { failures, per } = objective;
    const exact = BigInt(counts.bad) * BigInt(per) <= BigInt(counts.total) * BigInt(failures);
    expect(isMet(objective, counts)).toBe(exact);
  });
});

test('at the objective it is met, one failure more and it is not', () => {
  const objective = objectiveOf('99.9');
  expect(allowedFailures(objective, 3000)).toBe(3);
  expect(isMet(objective, { good: 2997, bad: 3, total: 3000 })).toBe(true);
  expect(isMet(objective, { good: 2996, bad: 4, total: 3000 })).toBe(false);
});
