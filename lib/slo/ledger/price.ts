import { type Background, chooseBackground, ratioOf } from './background';
import { type Cell, type CellSum, sumCells, touched } from './cells';
import { negativeBinomialQuantile } from './distribution';
import type { Span } from './spans';

/** Share of simulated truths that an interval holds. */
export const INTERVAL_SHARE = 0.95;

export const priceMethod =
  'Failures in the span above those that would have come anyway: the ratio of the longest clean stretch in the ' +
  '24 h before, times the requests of the span. The interval holds the failures caused with 95 %: the background ' +
  'is Poisson, its rate is known as well as the stretch tells (Gamma with Jeffreys prior), so what would have ' +
  'come anyway is negative binomial; where the background comes in bursts, the interval is widened by as much.';

/**
 * What a span cost, in failed requests. `gross`: all that failed; `expected`: what would have failed anyway;
 * `excess`: the difference, below nothing when the span was better than its background, and additive over
 * disjoint spans with one background; `failed`: the excess, at least nothing. The truth lies between `low` and
 * `high` (95 %). `basis` gross: no traffic before, so all failures are the most it can have cost, and `low` is 0.
 */
export type Price = {
  basis: 'background' | 'gross';
  gross: number;
  total: number;
  expected: number;
  excess: number;
  failed: number;
  low: number;
  high: number;
  knownSeconds: number;
  allSeconds: number;
};

/** Failures that would have come anyway among `total` requests: at least, at most (the interval's ends). */
function expectedRange(background: Background, total: number): { least: number; most: number } {
  const { bad, dispersion } = background;
  const mean = (total / background.total) * (bad + dispersion / 2);
  const shape = bad / dispersion + 0.5;
  const at = (q: number) => dispersion * negativeBinomialQuantile(q, shape, mean / dispersion);
  const tail = (1 - INTERVAL_SHARE) / 2;
  return { least: at(tail), most: at(1 - tail) };
}

/** Failures above the background, at least nothing; all of them where there is none. */
export const excessOf = ({ bad, total }: CellSum, background: Background | null): number =>
  background === null ? bad : Math.max(0, bad - ratioOf(background) * total);

/** Price of counts that were already summed. The background is one of the same service (a ratio, not a count). */
export function priceOf(sum: CellSum, background: Background | null): Price {
  const { bad, total, known, all } = sum;
  const seen = { gross: bad, total, knownSeconds: known, allSeconds: all };
  if (background === null)
    return { basis: 'gross', ...seen, expected: 0, excess: bad, failed: bad, low: 0, high: bad };
  const expected = ratioOf(background) * total;
  const { least, most } = expectedRange(background, total);
  const excess = bad - expected;
  const failed = excessOf(sum, background);
  return {
    basis: 'background',
    ...seen,
    expected,
    excess,
    failed,
    // A skewed background can have its mean outside its own middle 95 %; the price itself is always inside.
    low: Math.min(failed, Math.max(0, bad - most)),
    high: Math.max(failed, Math.max(0, bad - least)),
  };
}

/**
 * Price of any span from the cells of one group, with the background before it. `taken` as in `chooseBackground`:
 * what must not serve as background, first all that is claimed, then less.
 */
export function priceOfSpan(
  cells: readonly Cell[],
  span: Span,
  taken: readonly (readonly Span[])[] = [[]],
): { price: Price; background: Background | null } {
  const { first, last } = touched(cells, span);
  const start = cells[first]?.from ?? span.from;
  const background = chooseBackground(cells, start, taken);
  return { price: priceOf(sumCells(cells.slice(first, last)), background), background };
}

/** The window against which spending is measured: requests in it, seconds of it, and the budget as a ratio. */
export type BudgetBase = { budgetRatio: number; total: number; seconds: number };

/** Failed requests, their share of the window's budget, and the seconds of full outage that cost as much. */
export type Cost = { failed: number; share: number | null; outageSeconds: number | null };

/** Share and seconds are null without traffic in the window. */
export function costOf(failed: number, { budgetRatio, total, seconds }: BudgetBase): Cost {
  if (total <= 0) return { failed, share: null, outageSeconds: null };
  return { failed, share: failed / (budgetRatio * total), outageSeconds: (failed / total) * seconds };
}
