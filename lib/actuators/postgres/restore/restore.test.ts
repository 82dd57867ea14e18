import { describe, expect, test } from 'vitest';
import { markOf, readMark, restOf } from './mark';
import { restoreNames } from './names';

const installation = '0b6b7c3e-6a53-4f6c-9d0a-0c5f1a1f2a3b';

describe('names of the databases of a restore', () => {
  test('carry the number of the change', () => {
    expect(restoreNames('architect', 12)).toEqual({
      live: 'architect',
      fresh: 'architect_r_c0000012',
      former: 'architect_pre_c0000012',
    });
  });

  test('are no longer than the server takes, by whole characters, and stay apart', () => {
    const cases = ['x'.repeat(63), 'ü'.repeat(31), `${'x'.repeat(50)}${'日'.repeat(4)}`, '🚂'.repeat(15)];
    for (const live of cases) {
      const { fresh, former } = restoreNames(live, 9_999_999);
      for (const name of [fresh, former]) {
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
        expect(name).not.toContain('\uFFFD');
        expect(name).toContain('_c9999999');
      }
      expect(new Set([live, fresh, former]).size).toBe(3);
    }
    expect(cases).toHaveLength(4);
  });
});

describe('the mark in a comment', () => {
  const mark = { change: 12, epoch: 3, installation };

  test('is read back, also above words of a person', () => {
    expect(readMark(markOf(mark))).toEqual(mark);
    expect(readMark(`${markOf(mark)}\nOrders, see wiki`)).toEqual(mark);
    expect(restOf(`${markOf(mark)}\nOrders,\nsee wiki`)).toBe('Orders,\nsee wiki');
    expect(restOf(markOf(mark))).toBeNull();
  });

  test.each([
    null,
    '',
    'Orders',
    'signalbox restore c-12/3',
    `x ${markOf(mark)}`,
    `${markOf(mark)} and more`,
  ])('is none in %s', (comment) => {
    expect(readMark(comment)).toBeNull();
    expect(restOf(comment)).toBe(comment);
  });
});
