// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { causes } from '@/lib/slo/ledger/model';
import { SpendTable } from './spend-table';
import { testLedger, testLine } from './test-page';

afterEach(cleanup);

const spend = (slices: number) => ({ slices, seconds: slices * 300, share: slices / 10 });
const inSlices = (net: number) => ({
  gross: spend(net + 1),
  net: spend(net),
  low: spend(net - 1),
  high: spend(net + 1),
});

it('measures an objective of time slices by its bad slices, though fewer requests failed in them', () => {
  const lines = [testLine('many', 900, { slices: inSlices(1) }), testLine('few', 3, { slices: inSlices(4) })];
  const ledger = testLedger(lines, 1000, {
    slices: {
      sliceSeconds: 300,
      total: 1000,
      budget: 10,
      spent: spend(5.5),
      unexplained: spend(0.5),
      byCause: causes.map((cause) => ({ cause, cost: spend(cause === 'change' ? 5 : 0) })),
    },
  });
  render(<SpendTable ledger={ledger} slo="api" />);
  const rows = within(screen.getByRole('table'))
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.textContent ?? '');
  expect(rows).toHaveLength(4);
  expect(rows[0]).toContain('Line few');
  expect(rows[0]).toContain('40.0\u00a0%');
  expect(rows[0]).toContain('4 bad slices, 20 min');
  expect(rows[0]).toContain('30.0\u00a0% to 50.0\u00a0%');
  expect(rows[0]).not.toContain('of outage');
  expect(rows[1]).toContain('1 bad slice, 5 min');
  expect(rows[2]).toContain('0.5 bad slices, 2 min 30 s');
  expect(rows[3]).toContain('5.5 bad slices, 27 min 30 s');
});
