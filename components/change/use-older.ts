import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { toProblem } from '@/lib/http/client';

type Older<T> = {
  /** What the page has by itself, oldest first; the newest ones follow by themselves. */
  newest: readonly T[];
  /** How many of these stand there before anybody asks for more. */
  first: number;
  /** Rises with the age that falls. */
  keyOf: (item: T) => number;
  /** Those before this one, in any order; none when there are no more. */
  read: (before: T) => Promise<readonly T[]>;
};

/**
 * The newest part of a list that grows, and on demand what is older. What was shown once stays while newer ones come,
 * without a gap: when so many came that the two parts do not meet any more, it begins with the newest again.
 */
export function useOlder<T>({ newest, first, keyOf, read }: Older<T>) {
  const [kept, setKept] = useState<readonly T[]>([]);
  const [isAll, setAll] = useState(false);
  const last = kept.at(-1);
  const [oldest] = newest;
  const meets = last === undefined || oldest === undefined || keyOf(oldest) <= keyOf(last);
  const known = meets ? joined([kept, newest], keyOf) : newest;
  if (!meets) setKept([]);
  else if (kept.length > 0 && known.length > kept.length) setKept(known);
  const shown = kept.length > 0 && meets ? known : newest.slice(-first);
  const more = useMutation({
    mutationFn: async () => {
      const [before] = shown;
      if (shown.length < known.length || before === undefined) return known;
      const page = await read(before);
      if (page.length === 0) setAll(true);
      // With what stood there when it was asked for: newer ones may have pushed some of it out meanwhile.
      return [...known, ...page];
    },
    onSuccess: (more) => setKept((now) => joined([now, more], keyOf)),
  });
  return {
    shown,
    /** There is nothing before these any more, whatever was counted. */
    isAll,
    isReading: more.isPending,
    problem: more.error === null ? null : toProblem(more.error),
    showOlder: () => more.mutate(),
  };
}

const joined = <T>(parts: readonly (readonly T[])[], keyOf: (item: T) => number): T[] =>
  [...new Map(parts.flat().map((item) => [keyOf(item), item])).values()].sort((a, b) => keyOf(a) - keyOf(b));
