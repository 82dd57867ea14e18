/** A ratio as per cent, of twelve digits: a budget of exactly 10 % is not below 10 because 1 - 0.9 is a little less than 0.1. */
export const perCent = (ratio: number): number => Number((ratio * 100).toPrecision(12));

/** As the pages round it; but a budget below a level never reads as if it had reached it. */
export function leftText(budgetLeft: number, below: string | null): string {
  const left = perCent(budgetLeft);
  const rounded = Number(left.toFixed(1));
  const reads = below !== null && rounded >= Number(below) ? Math.floor(left * 10) / 10 : rounded;
  return `${reads.toFixed(1)} %`;
}
