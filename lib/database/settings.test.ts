import { expect, test } from 'vitest';
import type { Setting } from '@/lib/sources/postgresql/server';
import { memoryWhenAllSort, settingLines } from './settings';

const setting = (name: string, value: string, unit: string | null, shown: string): Setting => ({
  name,
  setting: value,
  unit,
  shown,
  pendingRestart: false,
});
const guide: Setting[] = [
  setting('max_connections', '100', null, '100'),
  setting('shared_buffers', '524288', '8kB', '4GB'),
  setting('effective_cache_size', '1572864', '8kB', '12GB'),
  setting('work_mem', '65536', 'kB', '64MB'),
  setting('maintenance_work_mem', '1048576', 'kB', '1GB'),
  setting('log_min_duration_statement', '1000', 'ms', '1s'),
  setting('log_line_prefix', '%m [%p] ', null, '%m [%p] '),
];

test('the settings of guide 000 are those of guide 000, in whatever unit the server keeps them', () => {
  expect(settingLines(guide).map(({ same }) => same)).toEqual(guide.map(() => true));
});

test('another value differs, and one that is not shown is not known', () => {
  const some = guide.filter(({ name }) => name !== 'work_mem');
  const lines = settingLines([...some.slice(1), setting('max_connections', '200', null, '200')]);
  expect(lines.find(({ name }) => name === 'max_connections')).toMatchObject({ same: false, shown: '200' });
  expect(lines.find(({ name }) => name === 'work_mem')).toMatchObject({ same: null, shown: null });
});

test('100 × 64 MB and 4 GB are 10.25 GiB (X-22), and an unknown part makes the sum unknown', () => {
  expect(memoryWhenAllSort(guide)).toBe((100 * 64 + 4 * 1024) * 1024 * 1024);
  expect(memoryWhenAllSort(guide.slice(1))).toBeNull();
});
