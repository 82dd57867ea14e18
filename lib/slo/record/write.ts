import 'server-only';
import type { Transaction } from '@/lib/db/transaction';
import type { BucketSize, Counts } from '../model';
import { coarser } from './count';
import type { GroupCounts } from './groups';
import { methodCodes, provisional } from './sums';

/** Counts as they are to be kept. */
export type Read = {
  groups: GroupCounts;
  /** Size of the buckets in `groups`. */
  size: 60 | 300;
  /** Sizes to keep; coarser ones are added up from whole ones. */
  sizes: readonly (60 | 300)[];
  method: 'counted' | 'estimated';
  /** Buckets that end later are provisional: they are read again. */
  finalUntil: number;
};

/** Seconds that a chunk of buckets of a size spans: an hour of minutes, otherwise a day. */
export const chunkSpan = (size: BucketSize): number => (size === 60 ? 3600 : 86_400);

/** A chunk as it is sent: arrays as PostgreSQL reads them, and what the database would sum up of a new one. */
export type ChunkRow = {
  key: string;
  size: number;
  start: number;
  good: string;
  bad: string;
  total: string;
  method: string;
  sums: { good: number; bad: number; total: number; known: number; invalid: number; methods: number };
};

type Part = { start: number; counts: (Counts | undefined)[]; codes: number[] };

/** Chunk rows of buckets, with NULL where nothing was read. */
export function rowsOf(
  key: string,
  size: BucketSize,
  buckets: ReadonlyMap<number, Counts>,
  code: (end: number) => number,
): ChunkRow[] {
  const span = chunkSpan(size);
  const length = span / size;
  const parts = new Map<number, Part>();
  let part: Part | undefined;
  for (const [end, counts] of buckets) {
    const start = Math.floor((end - 1) / span) * span;
    if (part?.start !== start) {
      part = parts.get(start) ?? { start, counts: new Array<undefined>(length).fill(undefined), codes: [] };
      parts.set(start, part);
    }
    const index = (end - start) / size - 1;
    part.counts[index] = counts;
    part.codes[index] = code(end);
  }
  return [...parts.values()].map((one) => printRow(key, size, one));
}

/** The arrays and sums of a chunk; the sums are those of app.slo_chunk_sums, in its order. */
function printRow(key: string, size: number, { start, counts, codes }: Part): ChunkRow {
  const sums = { good: 0, bad: 0, total: 0, known: 0, invalid: 0, methods: 0 };
  let [good, bad, total, method] = ['', '', '', ''];
  for (let index = 0; index < counts.length; index += 1) {
    const one = counts[index];
    const comma = index === 0 ? '' : ',';
    if (one === undefined) {
      good += `${comma}NULL`;
      bad += `${comma}NULL`;
      total += `${comma}NULL`;
      method += `${comma}NULL`;
      continue;
    }
    const code = codes[index] ?? 0;
    good += `${comma}${one.good}`;
    bad += `${comma}${one.bad}`;
    total += `${comma}${one.total}`;
    method += `${comma}${code}`;
    sums.methods |= 1 << (code & 15);
    if (isValid(one)) {
      sums.good += one.good;
      sums.bad += one.bad;
      sums.total += one.total;
      sums.known += 1;
    } else sums.invalid += 1;
  }
  return {
    key,
    size,
    start,
    good: `{${good}}`,
    bad: `{${bad}}`,
    total: `{${total}}`,
    method: `{${method}}`,
    sums,
  };
}

/** As app.slo_valid has it: a number, and not more bad or good events than there are. Estimates are not whole. */
const isValid = ({ good, bad, total }: Counts): boolean => {
  const most = total + total * 1e-9;
  return good <= most && bad <= most;
};

function rowsOfRead({ groups, size, sizes, method, finalUntil }: Read): ChunkRow[] {
  const code = (end: number) => methodCodes[method] + (end > finalUntil ? provisional : 0);
  return [...groups].flatMap(([key, { buckets }]) =>
    sizes.flatMap((wanted) =>
      rowsOf(key, wanted, wanted === size ? buckets : coarser(buckets, wanted), code),
    ),
  );
}

/** Ids of groups by definition and key, as far as they are known: they never change. */
export type KnownGroups = Map<number, ReadonlyMap<string, number>>;

/** The groups of a definition by key; those that are new are added. */
async function groupIds(
  tx: Transaction,
  definitionId: number,
  groups: GroupCounts,
): Promise<ReadonlyMap<string, number>> {
  await tx.sloGroup.createMany({
    data: [...groups].map(([key, { labels }]) => ({ definitionId, key, labels: { ...labels } })),
    skipDuplicates: true,
  });
  const rows = await tx.$queryRaw<{ id: number; key: string }[]>`
    SELECT id, key FROM slo_group WHERE definition_id = ${definitionId}`;
  return new Map(rows.map(({ id, key }) => [key, id]));
}

/**
 * Lays what was read over what is stored, element by element: the same read again changes nothing, a provisional
 * count never replaces a final one, nor an estimate a final one from samples. Returns the ids of the groups, which are
 * good once the transaction is committed.
 */
export async function writeReads(
  tx: Transaction,
  definitionId: number,
  reads: readonly Read[],
  known?: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> {
  const groups: GroupCounts = new Map(reads.flatMap((read) => [...read.groups]));
  let ids = known ?? new Map<string, number>();
  if ([...groups.keys()].some((key) => !ids.has(key))) ids = await groupIds(tx, definitionId, groups);
  // A row can be written once in a statement: spans that share a chunk go one after the other.
  for (const apart of apartFrom(reads.map(rowsOfRead))) {
    await upsert(
      tx,
      apart.flatMap((row) => {
        const groupId = ids.get(row.key);
        return groupId === undefined ? [] : [{ ...row, groupId }];
      }),
    );
  }
  return ids;
}

/** Rows in as few lists as possible, none of which has two of one chunk; in order. */
function apartFrom(all: readonly ChunkRow[][]): ChunkRow[][] {
  const lists: { rows: ChunkRow[]; keys: Set<string> }[] = [];
  for (const rows of all) {
    const keys = rows.map(({ key, size, start }) => `${size} ${start} ${key}`);
    const last = lists.at(-1);
    if (last !== undefined && !keys.some((key) => last.keys.has(key))) {
      last.rows.push(...rows);
      for (const key of keys) last.keys.add(key);
    } else if (rows.length > 0) lists.push({ rows: [...rows], keys: new Set(keys) });
  }
  return lists.map(({ rows }) => rows);
}

async function upsert(tx: Transaction, rows: readonly (ChunkRow & { groupId: number })[]): Promise<void> {
  const ids = rows.map(({ groupId }) => groupId);
  const sizes = rows.map(({ size }) => size);
  const starts = rows.map(({ start }) => start);
  const [good, bad, total, method] = (['good', 'bad', 'total', 'method'] as const).map((name) =>
    rows.map((row) => row[name]),
  );
  const [sumGood, sumBad, sumTotal, known, invalid, methods] = (
    ['good', 'bad', 'total', 'known', 'invalid', 'methods'] as const
  ).map((name) => rows.map(({ sums }) => sums[name]));
  await tx.$executeRaw`
    INSERT INTO slo_chunk AS c (group_id, size, start_at, good, bad, total, method, sum_good, sum_bad, sum_total, known,
      invalid, methods, updated_at)
    SELECT g, s, to_timestamp(t), good::float8[], bad::float8[], total::float8[], method::smallint[], sg, sb, st, k, i, ms,
      app.now()
    FROM unnest(${ids}::int[], ${sizes}::int[], ${starts}::float8[], ${good}::text[], ${bad}::text[], ${total}::text[],
      ${method}::text[], ${sumGood}::float8[], ${sumBad}::float8[], ${sumTotal}::float8[], ${known}::int[],
      ${invalid}::int[], ${methods}::int[])
      AS r(g, s, t, good, bad, total, method, sg, sb, st, k, i, ms)
    ORDER BY g, s, t
    ON CONFLICT (group_id, size, start_at) DO UPDATE SET
      good = app.slo_merge(c.good, EXCLUDED.good, c.method, EXCLUDED.method),
      bad = app.slo_merge(c.bad, EXCLUDED.bad, c.method, EXCLUDED.method),
      total = app.slo_merge(c.total, EXCLUDED.total, c.method, EXCLUDED.method),
      method = app.slo_merge(c.method, EXCLUDED.method),
      updated_at = EXCLUDED.updated_at`;
}
