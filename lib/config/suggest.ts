/** Edit distance with swaps of neighbours counted once (optimal string alignment). */
export function distance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let best = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    [beforeLast, last] = [last, current];
  }
  return last[right.length] ?? 0;
}

/** The known name that was probably meant; null when none is near. Texts over 80 characters are not compared. */
export function nearest(text: string, known: readonly string[]): string | null {
  if (text.length > 80 || text.length < 3) return null;
  const ranked = known
    .map((name) => ({ name, away: distance(text.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, away }) => away <= Math.max(1, Math.floor(Math.min(name.length, text.length) / 3)))
    .sort((left, right) => left.away - right.away || left.name.localeCompare(right.name));
  return ranked[0]?.name ?? null;
}

/** What would be right: the near name, or the list of all that exist. */
export function didYouMean(text: string, known: readonly string[]): string {
  const near = nearest(text, known);
  if (near !== null) return `Did you mean ${near}?`;
  return known.length === 0 ? 'None exists here.' : `Use one of ${known.slice(0, 20).join(', ')}.`;
}
