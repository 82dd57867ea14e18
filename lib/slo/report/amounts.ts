/**
 * Amounts of a report are kept to a thousandth: of a failure, and of a second. They are rounded once, as whole
 * numbers of thousandths, so that what is added up on paper is what was added up here.
 */
const scale = 1000;

/** Never -0, which would be another text. */
const thousandths = (value: number): number => Math.round(value * scale) + 0;

/** A number to a thousandth. */
export const rounded = (value: number): number => thousandths(value) / scale;

/** The difference of two amounts, without what binary fractions would leave behind the third digit. */
export const difference = (from: number, take: number): number =>
  (thousandths(from) - thousandths(take)) / scale;

/**
 * Parts of a whole and what is left of it, all to a thousandth: their sum is the whole exactly. Parts are rounded
 * down, so that nobody is charged for what rounding made; more than the whole is taken off the largest part.
 */
export function shareOut(
  whole: number,
  parts: readonly number[],
): { whole: number; parts: number[]; rest: number } {
  const all = thousandths(whole);
  const down = parts.map((part) => Math.floor(Math.max(0, part) * scale + 1e-6));
  let over = down.reduce((sum, part) => sum + part, 0) - all;
  while (over > 0) {
    const largest = down.indexOf(Math.max(...down));
    const taken = Math.min(over, down[largest] ?? over);
    down[largest] = (down[largest] ?? 0) - taken;
    over -= taken;
  }
  const rest = all - down.reduce((sum, part) => sum + part, 0);
  return { whole: all / scale, parts: down.map((part) => part / scale), rest: rest / scale };
}

/** The exact sum of amounts that were kept to a thousandth. */
export const sumOf = (amounts: readonly number[]): number =>
  amounts.reduce((sum, amount) => sum + thousandths(amount), 0) / scale;
