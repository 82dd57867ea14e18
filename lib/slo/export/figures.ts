import { csvCell } from '@/lib/audit/csv';
import { readingValue } from '@/lib/core/reading';
import type { Point } from '@/lib/service/contract';
import type { RowNumbers, SloNumbers } from '../contract';
import { objectiveOf } from '../math/objective';
import type { SloPage } from '../page/contract';

/** One figure: of the whole or of a group, at a time or over the window. */
type Figure = {
  part: string;
  of: string;
  figure: string;
  at: string | null;
  value: number | string | null;
  unit: string;
};

const columns = ['part', 'of', 'figure', 'at', 'value', 'unit'] as const;
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** The numbers of a window or a group, each with its unit; what is not known is an empty cell, never 0. */
function numbersOf(
  part: string,
  of: string,
  at: string,
  numbers: SloNumbers & Partial<RowNumbers>,
  unit: string,
): Figure[] {
  const one = (figure: string, value: number | string | null, its: string): Figure => ({
    part,
    of,
    figure,
    at,
    value,
    unit: its,
  });
  return [
    one('state', numbers.state, 'word'),
    one('method', numbers.method, 'word'),
    one('coverage', numbers.coverage, 'ratio'),
    one('total', numbers.total, unit),
    one('failed', numbers.bad, unit),
    one('level', numbers.sli, 'ratio'),
    one('budget_left', numbers.budgetLeft, 'ratio'),
    one('failures_allowed', numbers.allowedFailures, unit),
    one('failures_left', numbers.failuresLeft, unit),
    one('budget', numbers.budgetSeconds, 'seconds'),
    one('budget_left_time', numbers.secondsLeft, 'seconds'),
    ...(numbers.burn1h === undefined ? [] : [one('burn_1h', numbers.burn1h, 'times')]),
  ];
}

/** Every figure of a page, tidy: one a row. Rows of time come as they are drawn, oldest first. */
export function figuresOf(page: SloPage): Figure[] {
  const { row, ledger } = page;
  const data = readingValue(page.data);
  const at = page.data.state === 'missing' ? iso(row.window.to) : page.data.observedAt;
  const unit = row.unit;
  const line = (of: string, figure: string, points: readonly Point[], its: string): Figure[] =>
    points.map(([end, value]) => ({ part: 'series', of, figure, at: iso(end), value, unit: its }));
  const budget = objectiveOf(row.objective).budget;
  return [
    { part: 'objective', of: row.id, figure: 'target', at, value: Number(row.objective), unit: 'per cent' },
    { part: 'objective', of: row.id, figure: 'window', at, value: row.window.words, unit: 'word' },
    { part: 'objective', of: row.id, figure: 'word', at, value: row.word, unit: 'word' },
    ...(data === null ? [] : numbersOf('window', 'fixed', at, data.fixed.numbers, unit)),
    ...(data === null ? [] : numbersOf('window', 'rolling', at, data.rolling.numbers, unit)),
    ...row.groups.flatMap(({ key, numbers }) => numbersOf('group', key, at, numbers, unit)),
    ...(ledger?.lines ?? []).flatMap(({ id, at: started, net, low, high }): Figure[] =>
      [
        { figure: 'failed_net', value: net.failed, its: unit },
        { figure: 'failed_low', value: low.failed, its: unit },
        { figure: 'failed_high', value: high.failed, its: unit },
        { figure: 'budget_share', value: net.share, its: 'ratio' },
      ].map(({ figure, value, its }) => ({ part: 'ledger', of: id, figure, at: started, value, unit: its })),
    ),
    ...(data === null
      ? []
      : [
          ...line('fixed', 'budget_left', data.fixed.budget, 'ratio'),
          ...line('rolling', 'budget_left', data.rolling.budget, 'ratio'),
          ...line('step', 'burn', data.burn, 'times'),
          ...line(
            'step',
            'failed_share',
            data.burn.map(([end, burn]): Point => [end, burn === null ? null : burn * budget]),
            'ratio',
          ),
          ...line('step', 'rate', data.rate, `${unit} per second`),
        ]),
  ];
}

/** The figures as RFC 4180 text. */
export const csvOf = (figures: readonly Figure[]): string =>
  [columns.join(','), ...figures.map((one) => columns.map((column) => csvCell(one[column])).join(','))]
    .map((row) => `${row}\r\n`)
    .join('');
