import { expect, test } from 'vitest';
import type { PlanGate } from './gate-contract';
import { gateCheck } from './plan-gate';

const gate = (verdict: PlanGate['verdict'], more: object = {}): PlanGate => ({
  verdict,
  signOffs: verdict === 'sign-offs' ? ['cto'] : [],
  sentence: 'A: 60.0 % of its error budget is left.',
  at: '2026-11-21T14:00:30.000Z',
  objectives: [
    { id: 'b', verdict, left: '60.0 %', asOf: '2026-11-21T14:00:00.000Z', sentence: '', ...more },
    { id: 'a', verdict, left: '70.0 %', asOf: '2026-11-21T13:58:00.000Z', sentence: '' },
  ],
});

test.each([
  ['open', {}, 'pass'],
  ['open', { isUnknown: true }, 'warn'],
  ['sign-offs', {}, 'warn'],
  ['closed', {}, 'fail'],
] as const)('a gate that is %s, %j, is a check that says %s', (verdict, more, result) =>
  expect(gateCheck(gate(verdict, more)).result).toBe(result),
);

test('the oldest figure gives the age, and a closed gate names the way back', () => {
  expect(gateCheck(gate('open')).detail).toBe(
    'A: 60.0 % of its error budget is left. Figures as of 2026-11-21 13:58 UTC.',
  );
  expect(gateCheck(gate('closed')).detail).toMatch(
    /Going back to a version that ran before is never refused\.$/,
  );
  expect(gateCheck(gate('open', { asOf: null, left: null })).detail).toContain('13:58 UTC');
});
