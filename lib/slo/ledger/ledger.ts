import { BACKGROUND_MAX_SECONDS, type Background, chooseBackground, outageSpans } from './background';
import { type Cell, type CellSum, sumCells, touched } from './cells';
import { type Claim, mergeRegions } from './claims';
import { excessOf, type Price, priceOf } from './price';
import { overlaps, type Span } from './spans';

/**
 * What one claim cost in one group. `net` is its part of the sum of all lines: where claims overlap, each pays an
 * equal part of the excess. `price` is what it would be alone. The truth lies between `low` and `high`: where the
 * claim stands alone at least, in its whole window at most, since nobody knows who caused what in the rest.
 */
export type LedgerLine = {
  claim: Claim;
  price: Price;
  net: number;
  low: number;
  high: number;
  sharedWith: string[];
  background: Background | null;
  /** The fast burn alert would have fired when it began: what burned before may burn on in its window. */
  beganInOutage: boolean;
};

/** `spent`: all failures of the window. `unexplained`: those that no line pays for; with the lines it is `spent`. */
export type Ledger = { lines: LedgerLine[]; spent: CellSum; unexplained: number };

type Covered = { claim: Claim; first: number; last: number };

/** Cells of the claim; one that the next change cuts off leaves the cell in which that began to it. */
function cover(cells: readonly Cell[], claim: Claim): Covered {
  const { first, last } = touched(cells, claim);
  const shared = claim.end === 'next-change' && (cells[last - 1]?.to ?? 0) > claim.to;
  return { claim, first, last: Math.max(first, shared ? last - 1 : last) };
}

/** For each cell the claims that pay for it: an entry whose cause stands there too does not. */
function payersOf(length: number, covered: readonly Covered[]): Covered[][] {
  const standing: Covered[][] = Array.from({ length }, () => []);
  for (const one of covered) {
    for (let index = one.first; index < one.last; index += 1) standing[index]?.push(one);
  }
  if (covered.every(({ claim }) => claim.causedBy === null)) return standing;
  return standing.map((all) => {
    const ids = new Set(all.map(({ claim }) => claim.id));
    return all.filter(({ claim: { causedBy } }) => causedBy === null || !ids.has(causedBy));
  });
}

/** `excluded`: spans that do not count, or should not; they are no background either way. */
export type LedgerOptions = { budgetRatio: number; minFailures: number; excluded?: readonly Span[] };

/**
 * The ledger of one group: every failure of `window` is in exactly one line or unexplained, so the sum of all lines
 * is what was spent. `cells` may begin before the window, so that the first claims have a background. `claims` are
 * those of the group; one that does not touch the window has no line, but is no background for another either.
 */
export function ledgerOf(
  cells: readonly Cell[],
  window: Span,
  claims: readonly Claim[],
  { budgetRatio, minFailures, excluded = [] }: LedgerOptions,
): Ledger {
  const inside = touched(cells, window);
  const seen = cells.slice(inside.first, inside.last);
  const outages = outageSpans(cells, budgetRatio, minFailures);
  const covered = claims.filter((claim) => overlaps(claim, window)).map((claim) => cover(seen, claim));
  const payers = payersOf(seen.length, covered);
  const lines = covered.map((one) => {
    const start = cells[touched(cells, one.claim).first]?.from ?? one.claim.from;
    const day = { from: start - BACKGROUND_MAX_SECONDS, to: start };
    const near = (spans: readonly Span[]) => spans.filter((span) => overlaps(span, day));
    const others = claims.filter(({ id }) => id !== one.claim.id);
    const claimed = near(others);
    const done = near(others.map(({ carriedOut }) => carriedOut));
    const unfit = [...near(excluded), ...near(outages)];
    const background = chooseBackground(cells, start, [
      [...claimed, ...unfit],
      [...done, ...unfit],
      [...done, ...near(excluded)],
    ]);
    return lineOf(seen, one, payers, background, outages);
  });
  const spent = sumCells(seen);
  return { lines, spent, unexplained: spent.bad - lines.reduce((sum, { net }) => sum + net, 0) };
}

function lineOf(
  cells: readonly Cell[],
  one: Covered,
  payers: readonly Covered[][],
  background: Background | null,
  outages: readonly Span[],
): LedgerLine {
  const own = cells.slice(one.first, one.last);
  const paid: Cell[] = [];
  const alone: Cell[] = [];
  const sharedWith = new Set<string>();
  const part: CellSum = { bad: 0, total: 0, known: 0, all: 0 };
  own.forEach((cell, index) => {
    const all = payers[one.first + index] ?? [];
    if (!all.includes(one)) return;
    paid.push(cell);
    if (all.length === 1) alone.push(cell);
    for (const { claim } of all) if (claim !== one.claim) sharedWith.add(claim.id);
    part.bad += (cell.counts?.bad ?? 0) / all.length;
    part.total += (cell.counts?.total ?? 0) / all.length;
  });
  const price = priceOf(sumCells(own), background);
  const priced = (cells: readonly Cell[]) =>
    cells.length === own.length ? price : priceOf(sumCells(cells), background);
  const net = excessOf(part, background);
  const start = one.claim.from;
  return {
    claim: one.claim,
    price,
    net,
    low: Math.min(net, priced(alone).low),
    high: Math.max(net, priced(paid).high),
    sharedWith: [...sharedWith],
    background,
    beganInOutage: outages.some((outage) => outage.from < start && start <= outage.to),
  };
}

/** One claim over all groups, and so over all of its regions: counts add up; so do the ends of the intervals, which makes them wider than need be. */
export type TotalLine = {
  claim: Claim;
  gross: number;
  total: number;
  net: number;
  low: number;
  high: number;
  knownSeconds: number;
  allSeconds: number;
  sharedWith: string[];
  /** Of the group in which it cost most. */
  background: Background | null;
  beganInOutage: boolean;
  /** Some group had no traffic before: there all failures count as caused. */
  isGross: boolean;
};

export type TotalLedger = { lines: TotalLine[]; spent: CellSum; unexplained: number };

/** The ledgers of the groups of one objective together, in the order in which claims first appear. */
export function joinLedgers(ledgers: readonly Ledger[]): TotalLedger {
  const byClaim = Map.groupBy(
    ledgers.flatMap(({ lines }) => lines),
    ({ claim }) => claim.id,
  );
  const spent = { bad: 0, total: 0, known: 0, all: 0 };
  for (const ledger of ledgers) {
    for (const key of ['bad', 'total', 'known', 'all'] as const) spent[key] += ledger.spent[key];
  }
  return {
    lines: [...byClaim.values()].flatMap(joinLines),
    spent,
    unexplained: ledgers.reduce((sum, { unexplained }) => sum + unexplained, 0),
  };
}

function joinLines(lines: readonly LedgerLine[]): TotalLine[] {
  const [dearest] = lines.toSorted((a, b) => b.net - a.net || b.price.total - a.price.total);
  const [claim] = mergeRegions(lines.map((line) => line.claim));
  if (dearest === undefined || claim === undefined) return [];
  const add = (value: (line: LedgerLine) => number) => lines.reduce((sum, line) => sum + value(line), 0);
  return [
    {
      claim,
      gross: add(({ price }) => price.gross),
      total: add(({ price }) => price.total),
      net: add(({ net }) => net),
      low: add(({ low }) => low),
      high: add(({ high }) => high),
      knownSeconds: add(({ price }) => price.knownSeconds),
      allSeconds: add(({ price }) => price.allSeconds),
      sharedWith: [...new Set(lines.flatMap(({ sharedWith }) => sharedWith))],
      background: dearest.background,
      beganInOutage: lines.some(({ beganInOutage }) => beganInOutage),
      isGross: lines.some(({ price }) => price.basis === 'gross' && price.gross > 0),
    },
  ];
}
