import { describe, expect, it } from 'vitest';
import { ageLimit, awaitsPerson, type Circumstances, onlyWaits, stopsOf } from './stops';

const now = Date.parse('2026-11-22T02:00:00Z');
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `copy ${index}`);
const calm: Circumstances = {
  leaving: ids(1),
  inForce: 23,
  approved: [],
  clock: { database: now, before: now - 5, after: now + 5 },
  newestVerified: now - 3_600_000,
  newestSnapshot: now - 600_000,
  ageLimitSeconds: 86_400,
  isRunning: false,
  isRestoring: false,
  folderProblem: null,
};
const codes = (more: Partial<Circumstances>) => stopsOf({ ...calm, ...more }).map(({ code }) => code);

describe('how much may go at once', () => {
  it.each([
    [1, 5, []],
    [1, 4, ['share']],
    [3, 15, []],
    [3, 14, ['share']],
    [4, 20, ['count']],
    [4, 19, ['count', 'share']],
    [0, 0, []],
  ])('%i of %i: %j', (leaving, inForce, stops) => {
    expect(codes({ leaving: ids(leaving), inForce })).toEqual(stops);
  });

  it('is what a person let go, and not one copy more', () => {
    expect(codes({ leaving: ids(10), approved: ids(10) })).toEqual([]);
    expect(codes({ leaving: ids(10), approved: ids(12) })).toEqual([]);
    expect(codes({ leaving: ids(10), approved: ids(9) })).toEqual(['count', 'share']);
  });
});

describe('clocks', () => {
  it.each([
    [30_000, []],
    [31_000, ['clock']],
    [-30_000, []],
    [-31_000, ['clock']],
  ])('%i ms apart: %j', (apart, stops) => {
    expect(codes({ clock: { database: now, before: now + apart, after: now + apart } })).toEqual(stops);
  });

  it('are not blamed for an answer that took its time', () => {
    expect(codes({ clock: { database: now, before: now - 60_000, after: now + 60_000 } })).toEqual([]);
  });

  it('were wrong where a copy is from the future', () => {
    expect(codes({ newestSnapshot: now + 30_000 })).toEqual([]);
    expect(codes({ newestSnapshot: now + 40_000 })).toEqual(['future']);
  });
});

describe('the newest verified copy', () => {
  it.each([
    [86_400, []],
    [86_401, ['age']],
  ])('%i s old: %j', (age, stops) => {
    expect(codes({ newestVerified: now - age * 1000 })).toEqual(stops);
  });

  it('must be there', () => {
    expect(codes({ newestVerified: null })).toEqual(['age']);
  });

  it('may be as old as the objective says, or the schedule where that cannot reach it', () => {
    expect(ageLimit(86_400, 3_600, 7_200)).toBe(86_400);
    expect(ageLimit(60, 86_400, 7_200)).toBe(93_600);
    expect(ageLimit(300, null, 7_200)).toBe(300);
  });
});

it('says all that is wrong at once, in whole sentences', () => {
  const stops = stopsOf({
    ...calm,
    leaving: ids(9),
    folderProblem: 'The folder /copies is not there.',
    isRunning: true,
    newestVerified: null,
    clock: { database: now, before: now + 90_000, after: now + 90_000 },
  });
  expect(stops.map(({ code }) => code)).toEqual(['folder', 'clock', 'running', 'age', 'count', 'share']);
  for (const { sentence } of stops) expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
});

it('waits for a person only where nothing else speaks against it, and for a copy where only that does', () => {
  const of = (more: Partial<Circumstances>) => stopsOf({ ...calm, ...more });
  expect(awaitsPerson(of({ leaving: ids(9) }))).toBe(true);
  expect(awaitsPerson(of({ leaving: ids(9), isRunning: true }))).toBe(false);
  expect(awaitsPerson(of({}))).toBe(false);
  expect(onlyWaits(of({ isRunning: true }))).toBe(true);
  expect(onlyWaits(of({ isRestoring: true }))).toBe(true);
  expect(of({ isRestoring: true }).map(({ code }) => code)).toEqual(['restoring']);
  expect(onlyWaits(of({ isRunning: true, newestVerified: null }))).toBe(false);
});
