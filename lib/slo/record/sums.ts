import type { CountMethod, Counts } from '../model';

/** Events of a span and how much of the span is known. */
export type Sums = {
  /** Null where nothing is known. Refused buckets are left out and counted in `invalid`. */
  counts: Counts | null;
  knownSeconds: number;
  expectedSeconds: number;
  invalid: number;
  methods: CountMethod[];
};

/** Numbers of the methods in the `method` arrays of a chunk; 16 is added while an element is provisional. */
export const methodCodes = { counted: 1, estimated: 2, adopted: 3, mixed: 4 } as const;
export const provisional = 16;

const byCode = new Map<number, CountMethod>([
  [methodCodes.counted, 'counted'],
  [methodCodes.estimated, 'estimated'],
  [methodCodes.adopted, 'adopted'],
  [methodCodes.mixed, 'mixed'],
]);

/** The methods of a mask with bit 1 << code. */
export const chunkMethods = (mask: number): CountMethod[] =>
  [...byCode].flatMap(([code, method]) => ((mask & (1 << code)) === 0 ? [] : [method]));

/** The method of one element; null for none. */
export const methodOfCode = (code: number): CountMethod | null => byCode.get(code & 15) ?? null;

/** None is null, one is itself, several are mixed. */
export function methodOf(methods: readonly CountMethod[]): CountMethod | null {
  const distinct = new Set(methods);
  return distinct.size > 1 ? 'mixed' : (methods[0] ?? null);
}

/** Several groups of one span together: events add up; what is known is the mean, as the span is the same. */
export function addSums(all: readonly Sums[]): Sums {
  const known = all.flatMap(({ counts }) => (counts === null ? [] : [counts]));
  const add = (of: (sums: Sums) => number) => all.reduce((sum, one) => sum + of(one), 0);
  return {
    counts:
      known.length === 0
        ? null
        : known.reduce((a, b) => ({
            good: a.good + b.good,
            bad: a.bad + b.bad,
            total: a.total + b.total,
          })),
    knownSeconds: all.length === 0 ? 0 : add(({ knownSeconds }) => knownSeconds) / all.length,
    expectedSeconds: all[0]?.expectedSeconds ?? 0,
    invalid: add(({ invalid }) => invalid),
    methods: [...new Set(all.flatMap(({ methods }) => methods))],
  };
}
