import { type Slo, timeSlices } from '@/lib/config/slo';
import { sliceTargetOf } from '../math/slices';
import type { Cell } from './cells';
import type { LedgerLine, LedgerView, SliceSpend } from './contract';
import type { TotalLedger } from './ledger';
import { type Cause, causes } from './model';
import { type SliceLens, sliceCells } from './slice-cells';

/** How an objective judges time; null for one of events. A probe was judged when it was recorded. */
export function slicesOf(slo: Slo): { seconds: number; lens: SliceLens | null } | null {
  const slices = timeSlices(slo);
  if (slices === null) return null;
  const isProbe = slo.indicator !== 'availability' && slo.indicator.kind === 'probe';
  return {
    seconds: slices.seconds,
    lens: isProbe ? null : { seconds: slices.seconds, target: sliceTargetOf(slices.target) },
  };
}

/** Cells in the unit of the budget. */
export const inSlices = (cells: readonly Cell[], lens: SliceLens | null): readonly Cell[] =>
  lens === null ? cells : sliceCells(cells, lens);

type Told = { seconds: number; budgetRatio: number; causeOf: (claim: string) => Cause | undefined };

/** The same ledger in slices of time, of which the budget of such an objective is made; all lines are what was spent. */
export function sliceFigures(
  { lines, spent, unexplained }: TotalLedger,
  { seconds, budgetRatio, causeOf }: Told,
): { slices: LedgerView['slices']; lineOf: (claim: string) => LedgerLine['slices'] } {
  const budget = budgetRatio * spent.total;
  const spend = (slices: number): SliceSpend => ({
    slices,
    seconds: slices * seconds,
    share: budget <= 0 ? null : slices / budget,
  });
  const of = (cause: Cause): number =>
    cause === 'unexplained'
      ? unexplained
      : lines.filter(({ claim }) => causeOf(claim.id) === cause).reduce((sum, { net }) => sum + net, 0);
  return {
    slices: {
      sliceSeconds: seconds,
      total: spent.total,
      budget,
      spent: spend(spent.bad),
      unexplained: spend(unexplained),
      byCause: causes.map((cause) => ({ cause, cost: spend(of(cause)) })),
    },
    lineOf: (id) => {
      const line = lines.find(({ claim }) => claim.id === id);
      return line === undefined
        ? null
        : { gross: spend(line.gross), net: spend(line.net), low: spend(line.low), high: spend(line.high) };
    },
  };
}
