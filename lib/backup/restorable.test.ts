import { describe, expect, it } from 'vitest';
import { copyStates } from './model';
import { restorableSeconds, restoreRefusal } from './restorable';

const now = Date.parse('2026-11-22T08:00:00Z');
const agoSeconds = (seconds: number): string => new Date(now - seconds * 1000).toISOString();
const good = { state: 'kept', level: 4, isSpoilt: false, provenAt: agoSeconds(60) } as const;

describe('a copy may be restored', () => {
  it.each([[-5], [0], [60], [restorableSeconds]])('when it is kept and was proven %i s ago', (seconds) => {
    expect(restoreRefusal({ ...good, provenAt: agoSeconds(seconds) }, now)).toBe(null);
  });

  it('in no other state', () => {
    const may = copyStates.filter((state) => restoreRefusal({ ...good, state }, now) === null);
    expect(may).toEqual(['kept']);
  });

  it.each([
    [{ isSpoilt: true }, /spoilt/],
    [{ level: null, provenAt: null }, /not read in full/],
    [{ level: 2, provenAt: null }, /not read in full/],
    [{ level: 3, provenAt: null }, /never restored \(L4 Restored\)/],
    // It fell: what it once reached says nothing of it now.
    [{ level: 3 }, /never restored|L4/],
    [{ provenAt: agoSeconds(restorableSeconds + 1) }, /last restored 7 d.*ago/],
  ])('not with %j', (more, words) => {
    expect(restoreRefusal({ ...good, ...more }, now)).toMatch(words);
  });
});
