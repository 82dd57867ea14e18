import { expect, test } from 'vitest';
import { stagedPlan } from '@/lib/change/testing/staged-plan';
import { readingsByRegion } from './analysis-lines';
import { reading, stagedView } from './testing/staged-view';

const proof = (seconds: number) =>
  reading(seconds, {
    ...{ proves: true, verdict: 'NODATA', detail: 'Waits for proof.' },
    ...{ total: null, failed: null, baselineTotal: null, baselineFailed: null },
  });
const shown = (measurements: ReturnType<typeof reading>[]) =>
  readingsByRegion(stagedView('Running', { view: { measurements } }), stagedPlan).find(
    ({ region }) => region === 'us-east-1',
  );
const failing = reading(60, { verdict: 'FAIL', failed: 20 });

test('readings of the share cut no line and hide no verdict', () => {
  const mixed = shown([reading(0), proof(1), failing, proof(61)]);
  const without = shown([reading(0), failing]);
  expect(mixed?.fresh.map(([, ratio]) => ratio)).toEqual([0.005, 0.1]);
  expect([mixed?.fresh, mixed?.old, mixed?.last]).toEqual([without?.fresh, without?.old, failing]);
  expect(mixed?.readings).toHaveLength(4);
});

test('while there are no others, the newest reading of the share says what is waited for', () => {
  expect(shown([proof(0), proof(5)])?.last?.detail).toBe('Waits for proof.');
  expect(shown([])?.last).toBeUndefined();
});
