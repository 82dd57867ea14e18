import { expect, it } from 'vitest';
import type { BackupDay } from '@/lib/backup/contract';
import { line } from './testing/backups';
import { copyState, dayState, dayText, fatesText, levelText, lineTone } from './words';

it('calls a copy good only when it was read in full, and unknown when nobody looked', () => {
  const tone = (level: number | null, isSpoilt = false) => copyState({ state: 'kept', level, isSpoilt }).tone;
  expect([null, 0, 1, 2, 3, 4].map((level) => tone(level))).toEqual([
    'unknown',
    'unknown',
    'unknown',
    'unknown',
    'ok',
    'ok',
  ]);
  expect(tone(4, true)).toBe('crit');
  expect(levelText(null)).toBe('Not verified');
  expect(levelText(4)).toBe('L4 Restored');
});

it('takes what stays as evidence for unknown, never for good', () => {
  expect(lineTone(line(1))).toBe('ok');
  expect(lineTone(line(1, { rules: ['evidence'] }))).toBe('unknown');
  expect(lineTone(line(1, { rules: ['unclear'] }))).toBe('unknown');
  expect(lineTone(line(1, { rules: ['missing'], isMissing: true }))).toBe('crit');
  expect(lineTone(line(1, { fate: 'marked', rules: [] }))).toBe('hold');
});

const day = (more: Partial<BackupDay>): BackupDay => ({
  day: '2026-11-20',
  kept: 0,
  failed: 0,
  missed: 0,
  level: null,
  ...more,
});

it('tells what a day held, a failure beside a good copy too', () => {
  expect(dayState(day({ kept: 3, level: 4 }))).toBe('restored');
  expect(dayState(day({ kept: 3, level: 3 }))).toBe('read');
  expect(dayState(day({ kept: 3, level: 2 }))).toBe('unproven');
  expect(dayState(day({ failed: 1, missed: 1 }))).toBe('failed');
  expect(dayState(day({ missed: 1 }))).toBe('missed');
  expect(dayState(day({}))).toBe('none');
  expect(dayText(day({ kept: 2, failed: 1, level: 4 }))).toBe('2026-11-20: 2 kept, restored (L4), 1 failed');
  expect(dayText(day({}))).toBe('2026-11-20: no run');
});

it('counts fates, and says so when there is nothing to count', () => {
  expect(fatesText({ lines: [] })).toBe('no copy yet');
  expect(fatesText({ lines: [line(1), line(2, { fate: 'ending' })] })).toBe('1 stays, 1 being deleted');
});
