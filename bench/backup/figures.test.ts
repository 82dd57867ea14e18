import { expect, test } from 'vitest';
import { backupSheet } from './figures';

test('the figures are those of the issue with its goals, beside the bare tools', () => {
  const json = backupSheet.asJson({});
  expect(Object.entries(json).map(([name, { goal, unit }]) => [name, goal, unit])).toEqual([
    ['dump_mb_per_s_ratio', '<= 1.15', 'ratio'],
    ['restore_ratio', '<= 1.15', 'ratio'],
    ['verify_l3_s_per_gb', null, 's/GB'],
    ['restore_s_per_gb', null, 's/GB'],
    ['bare_dump_s_per_gb', null, 's/GB'],
    ['bare_restore_s_per_gb', null, 's/GB'],
    ['retention_10y_ms', '<= 100', 'ms'],
  ]);
});
