import type { Bucket, BucketSize } from '../model';
import { chunkMethods, methodOf, methodOfCode } from './sums';

/** A chunk as the database prints it: arrays as text, such as `{1,NULL,NaN}`. `start` in unix seconds. */
export type PrintedChunk = {
  group_id: number;
  size: number;
  start: number;
  good: string;
  bad: string;
  total: string;
  method: string;
};

/** `{1,NULL,NaN}` as numbers. */
export function parseArray(text: string): (number | null)[] {
  const inner = text.slice(1, -1);
  return inner === '' ? [] : inner.split(',').map((item) => (item === 'NULL' ? null : Number(item)));
}

/** The sums of a grid: counts by place, and by place a bit for each method; 0 where nothing is known. */
type Sums = { good: Float64Array; bad: Float64Array; total: Float64Array; methods: Uint8Array };
type Grid = { size: BucketSize; from: number; to: number; cut: number };

/** Set where an element is known whatever its method: masks have the bits of their methods beside it. */
const knownBit = 1;

/**
 * Lays chunks out as the buckets of a grid (from, to], adding finer ones up; elements coarser than the grid are left
 * out. Up to `cut` the coarser chunks count, after it the minutes of those groups that have any.
 */
export function bucketsOf(
  groupIds: readonly number[],
  chunks: readonly PrintedChunk[],
  grid: Grid,
): Map<number, Bucket[]> {
  const first = (Math.floor(grid.from / grid.size) + 1) * grid.size;
  const length = Math.max(0, (grid.to - first) / grid.size + 1);
  const withMinutes = new Set(chunks.filter(({ size }) => size === 60).map(({ group_id }) => group_id));
  const sums = new Map<number, Sums>();
  const row = () => new Float64Array(length);
  for (const id of groupIds) {
    sums.set(id, { good: row(), bad: row(), total: row(), methods: new Uint8Array(length) });
  }
  for (const chunk of chunks) {
    const into = sums.get(chunk.group_id);
    if (into === undefined || chunk.size > grid.size) continue;
    const after = grid.size > 60 && chunk.size === 60 ? grid.cut : -1;
    const until = chunk.size > 60 && withMinutes.has(chunk.group_id) ? grid.cut : Number.POSITIVE_INFINITY;
    addChunk(into, chunk, { first, size: grid.size, after: Math.max(after, grid.from), until });
  }
  return new Map([...sums].map(([id, found]) => [id, toBuckets(found, first, grid.size)]));
}

const toBuckets = ({ good, bad, total, methods }: Sums, first: number, size: number): Bucket[] =>
  Array.from(methods, (mask, index): Bucket => {
    const end = first + index * size;
    if (mask === 0) return { end, counts: null, method: null };
    const counts = { good: good[index] ?? 0, bad: bad[index] ?? 0, total: total[index] ?? 0 };
    return { end, counts, method: methodOfMask[mask] ?? null };
  });

/** The method of every mask, worked out once: there are few, and buckets are many. */
const methodOfMask = Array.from({ length: 256 }, (_, mask) => methodOf(chunkMethods(mask)));

function addChunk(
  into: Sums,
  chunk: PrintedChunk,
  { first, size, after, until }: { first: number; size: number; after: number; until: number },
): void {
  const [good, bad, total, method] = [chunk.good, chunk.bad, chunk.total, chunk.method].map(parseArray);
  for (const [index, value] of (total ?? []).entries()) {
    const end = chunk.start + (index + 1) * chunk.size;
    if (value === null || end <= after || end > until) continue;
    const at = Math.ceil((end - first) / size);
    if (at < 0 || at >= into.methods.length) continue;
    add(into.good, at, good?.[index] ?? 0);
    add(into.bad, at, bad?.[index] ?? 0);
    add(into.total, at, value);
    into.methods[at] = (into.methods[at] ?? 0) | knownBit | methodBit(method?.[index] ?? 0);
  }
}

function add(values: Float64Array, at: number, more: number): void {
  values[at] = (values[at] ?? 0) + more;
}

/** The bit of the code of a method, as chunks have it; none for a code that names none. */
const methodBit = (code: number): number => (methodOfCode(code) === null ? 0 : 1 << (code & 15));
