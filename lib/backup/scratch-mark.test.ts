import { expect, test } from 'vitest';
import { copyOfScratch, drillName, scratchName } from './scratch';
import { expiringAt, isLeftover, ownedBy, readMark } from './scratch-mark';

const ours = '0f6a9e3c-1111-4222-8333-444455556666';
const theirs = '1f6a9e3c-1111-4222-8333-444455556666';
const now = new Date('2026-11-22T12:00:00.000Z');

test('a mark is read as it was written, and nothing else is one', () => {
  expect(readMark(ownedBy(ours))).toEqual({ owner: ours, expiresAt: null });
  expect(readMark(expiringAt(now))).toEqual({ owner: null, expiresAt: now });
  for (const comment of [null, '', 'mine', `${ownedBy(ours)} or not`])
    expect(readMark(comment)).toEqual({ owner: null, expiresAt: null });
});

const later = expiringAt(new Date(now.getTime() + 1));
const before = expiringAt(new Date(now.getTime() - 1));
test.each([
  ['ours, whose copy is gone', ownedBy(ours), 'unknown', true],
  ['ours, that nobody works with', ownedBy(ours), 'idle', true],
  ['ours, at work', ownedBy(ours), 'at-work', false],
  ["another console's, whose copy nobody here knows", ownedBy(theirs), 'unknown', false],
  ["another console's, whose copy has a row here too", ownedBy(theirs), 'idle', false],
  ['without a mark, of a copy that is ours', null, 'idle', true],
  ['without a mark, of nobody known', null, 'unknown', false],
  ['without a mark, at work', null, 'at-work', false],
  ['a probe that ended long ago', before, 'unknown', true],
  ['a probe that may be under way', later, 'unknown', false],
] as const)('%s', (_, comment, need, isDropped) => {
  expect(isLeftover({ comment, now, installation: ours, need })).toBe(isDropped);
});

test('names of drills are their own, so that a copy of that id is not asked for', () => {
  expect(drillName(ours).length).toBeLessThanOrEqual(63);
  expect(copyOfScratch(drillName(ours))).toBe(null);
  expect(copyOfScratch(scratchName(ours))).toBe(ours);
});
