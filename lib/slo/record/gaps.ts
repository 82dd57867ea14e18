/** Spans that were answered without a series or with warnings, in unix seconds. They are asked for again, ever more seldom. */
export type Gap = { from: number; to: number; tries: number; next: number };

const firstWait = 60;
const longestWait = 6 * 3600;
/** After these, some three days, nobody expects an answer: the span stays without data. */
const mostTries = 20;

/** The gap after one more attempt at `now` that brought nothing; null when it is given up. */
export function triedAgain(gap: Gap, now: number): Gap | null {
  const tries = gap.tries + 1;
  if (tries > mostTries) return null;
  return { ...gap, tries, next: now + Math.min(longestWait, firstWait * 2 ** tries) };
}

/** Gaps in order, those that touch joined: the joined one goes on as the one that was tried more often. */
export function joinGaps(gaps: readonly Gap[]): Gap[] {
  const joined: Gap[] = [];
  for (const gap of gaps.filter(({ from, to }) => to > from).toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last === undefined || gap.from > last.to) joined.push({ ...gap });
    else {
      const { tries, next } = gap.tries > last.tries ? gap : last;
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, gap.to), tries, next };
    }
  }
  return joined;
}

/** Adds a span that was just read in vain. */
export const addGap = (gaps: readonly Gap[], from: number, to: number, now: number): Gap[] =>
  joinGaps([...gaps, { from, to, tries: 0, next: now + firstWait }]);

/** Takes a span out that was read well. */
export const withoutSpan = (gaps: readonly Gap[], from: number, to: number): Gap[] =>
  gaps.flatMap((gap) =>
    gap.to <= from || gap.from >= to
      ? [gap]
      : [
          { ...gap, to: from },
          { ...gap, from: to },
        ].filter((part) => part.to > part.from && part.from >= gap.from && part.to <= gap.to),
  );
