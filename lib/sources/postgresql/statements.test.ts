import { describe, expect, test } from 'vitest';
import { timeColumns, topStatementsSql } from './statements';

describe('columns of pg_stat_statements (X-28)', () => {
  test.each([
    ['1.11', 'mean_exec_time', 'total_exec_time'],
    ['1.10', 'mean_exec_time', 'total_exec_time'],
    ['1.8', 'mean_exec_time', 'total_exec_time'],
    ['2.0', 'mean_exec_time', 'total_exec_time'],
    ['1.7', 'mean_time', 'total_time'],
    ['1.4', 'mean_time', 'total_time'],
  ])('of version %s', (version, mean, total) => {
    expect(timeColumns(version)).toEqual({ mean, total });
  });

  test('the schema of the extension is quoted, whatever it is called', () => {
    expect(topStatementsSql('1.10', 'My "schema"; DROP')).toContain(
      '"My ""schema""; DROP".pg_stat_statements',
    );
  });
});
