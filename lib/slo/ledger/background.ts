import { type Cell, sumCells, touched } from './cells';
import type { backgroundKinds } from './model';
import { overlaps, type Span, unite } from './spans';

/** Seconds before a change in which its background is looked for, and the least that will do. */
export const BACKGROUND_MAX_SECONDS = 86_400;
export const BACKGROUND_MIN_SECONDS = 3600;

/**
 * The failures that would have come anyway: counted before the change began. `kind`: one clean stretch; several
 * clean pieces because no stretch has an hour; short, all that was clean is less than an hour; everything because
 * nothing was clean. `dispersion` is by how much
 * the failures of its cells vary more than chance alone (1 or more).
 */
export type Background = Span & {
  kind: (typeof backgroundKinds)[number];
  bad: number;
  total: number;
  knownSeconds: number;
  dispersion: number;
};

export const ratioOf = ({ bad, total }: { bad: number; total: number }): number =>
  total > 0 ? bad / total : 0;

/** Pearson's chi-square over its degrees of freedom: 1 for chance alone, more where failures come in bursts. */
export function dispersionOf(cells: readonly Cell[]): number {
  const known = cells.flatMap(({ counts }) => (counts !== null && counts.total > 0 ? [counts] : []));
  const ratio = ratioOf(sumCells(cells));
  if (ratio <= 0 || known.length < 2) return 1;
  const chiSquare = known.reduce(
    (sum, { bad, total }) => sum + (bad - ratio * total) ** 2 / (ratio * total),
    0,
  );
  return Math.max(1, chiSquare / (known.length - 1));
}

function backgroundOf(kind: Background['kind'], cells: readonly Cell[]): Background | null {
  const { bad, total, known } = sumCells(cells);
  const [first, last] = [cells[0], cells.at(-1)];
  if (total === 0 || first === undefined || last === undefined) return null;
  return {
    kind,
    from: first.from,
    to: last.to,
    bad,
    total,
    knownSeconds: known,
    dispersion: dispersionOf(cells),
  };
}

/** Runs of cells that no taken span touches, in order. */
function cleanRuns(cells: readonly Cell[], taken: readonly Span[]): Cell[][] {
  const runs: Cell[][] = [];
  let run: Cell[] = [];
  for (const cell of cells) {
    if (taken.some((span) => overlaps(span, cell))) {
      if (run.length > 0) runs.push(run);
      run = [];
    } else run.push(cell);
  }
  return run.length > 0 ? [...runs, run] : runs;
}

/** The run with the most known seconds; of equal ones the latest. */
function longest(runs: readonly Cell[][]): Cell[] {
  const seconds = (run: readonly Cell[]) => sumCells(run).known;
  return runs.reduce<Cell[]>((best, run) => (seconds(run) >= seconds(best) ? run : best), []);
}

const isEnough = (cells: readonly Cell[]): boolean => sumCells(cells).known >= BACKGROUND_MIN_SECONDS;

/**
 * Where the background of a change that began at `start` is counted. Of the 24 h before it, the longest stretch
 * that is clean: no other change or entry claims it (`taken[0]`) and it is no outage. Without an hour of that, the
 * clean pieces together; then the same with the next, narrower list of `taken`, such as only the time in which
 * changes were carried out; then what the first list that leaves anything leaves (a service that has just begun);
 * at last everything, said to be unclean. Null without any traffic in the 24 h.
 */
export function chooseBackground(
  cells: readonly Cell[],
  start: number,
  taken: readonly (readonly Span[])[],
): Background | null {
  const day = { from: start - BACKGROUND_MAX_SECONDS, to: start };
  const { first, last } = touched(cells, day);
  const wanted = cells.slice(first, last).filter(({ from, to }) => from >= day.from && to <= day.to);
  let short: Background | null = null;
  for (const spans of taken) {
    const runs = cleanRuns(wanted, unite(spans.filter((span) => overlaps(span, day))));
    const run = longest(runs);
    const pieces = runs.flat();
    const found = isEnough(run)
      ? backgroundOf('clean', run)
      : isEnough(pieces)
        ? backgroundOf('pieces', pieces)
        : null;
    if (found !== null) return found;
    short ??= backgroundOf('short', pieces);
  }
  return short ?? backgroundOf('unclean', wanted);
}

/** The fast pair of the burn alerts (slo.md 1.2) on a 30-day window: burn 14.4 over an hour and over 5 minutes. */
const fast = { factor: 14.4, longSeconds: 3600, shortSeconds: 300 };

/** Where the fast burn alert would have fired with at least `minFailures`: not a background for anything. */
export function outageSpans(cells: readonly Cell[], budgetRatio: number, minFailures = 1): Span[] {
  const threshold = fast.factor * budgetRatio;
  const long = rollingSum(cells, fast.longSeconds);
  const short = rollingSum(cells, fast.shortSeconds);
  return unite(
    cells.filter(
      (_, index) =>
        (long[index]?.bad ?? 0) >= minFailures &&
        ratioOf(long[index] ?? { bad: 0, total: 0 }) > threshold &&
        ratioOf(short[index] ?? { bad: 0, total: 0 }) > threshold,
    ),
  );
}

/** For each cell the sums of the cells that end within `seconds` before its end, itself included. */
function rollingSum(cells: readonly Cell[], seconds: number): { bad: number; total: number }[] {
  const sum = { bad: 0, total: 0 };
  let oldest = 0;
  return cells.map((cell) => {
    sum.bad += cell.counts?.bad ?? 0;
    sum.total += cell.counts?.total ?? 0;
    for (let old = cells[oldest]; old !== undefined && old.to <= cell.to - seconds; old = cells[oldest]) {
      sum.bad -= old.counts?.bad ?? 0;
      sum.total -= old.counts?.total ?? 0;
      oldest += 1;
    }
    return { ...sum };
  });
}
