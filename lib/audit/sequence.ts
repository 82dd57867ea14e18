import 'server-only';
import type { Database } from '@/lib/db/client';
import { type Transaction, transaction } from '@/lib/db/transaction';
import { Prisma } from '@/prisma/generated/client';
import { type Derived, derive, parseBody } from './entry';
import { append, decodeFrontier, encodeFrontier, type Frontier, type Hash, leafHash, rootOf } from './merkle';

/** Entries of one transaction (trust.md 2.2). */
const BATCH = 256;
/** Key of the advisory lock that one sequencer holds at a time. */
const LOCK_KEY = 7_706_001n;

type Head = { size: number; epoch: number; tree: Frontier };
type Staged = { body: string; staged_at: Date };
type Sequenced = Staged & { seq: bigint; leaf: Hash };

/**
 * Moves staged entries into the log until none is left, in batches of 256, and returns how many. Any number of
 * workers may call it at once: the lock of the transaction lets one of them work and the others return at once
 * with 0. The lock ends with the transaction, so a worker that dies leaves nothing behind; the epoch in the head,
 * raised by each batch, is what a batch that was held up for long must still find.
 */
export async function sequenceAudit(db: Database, signal?: AbortSignal): Promise<number> {
  let done = 0;
  while (!signal?.aborted) {
    const moved = await transaction((tx) => sequenceBatch(tx), db);
    done += moved;
    if (moved < BATCH) break;
  }
  return done;
}

async function sequenceBatch(tx: Transaction): Promise<number> {
  const [lock] = await tx.$queryRaw<
    { taken: boolean }[]
  >`SELECT pg_try_advisory_xact_lock(${LOCK_KEY}) AS taken`;
  if (lock?.taken !== true) return 0;
  // By presence, never by "after the last": commit order is not the order of any id. Within one process the order
  // is that of n, because its counter row is locked until commit and staged_at never goes back.
  const staged = await tx.$queryRaw<Staged[]>`
    WITH batch AS (
      SELECT id FROM audit.staged ORDER BY staged_at, producer, boot_id, n LIMIT ${BATCH}
    ), gone AS (
      DELETE FROM audit.staged s USING batch b WHERE s.id = b.id
      RETURNING s.body, s.staged_at, s.producer, s.boot_id, s.n
    )
    SELECT body, staged_at FROM gone ORDER BY staged_at, producer, boot_id, n`;
  if (staged.length === 0) return 0;
  const head = await readHead(tx);
  let tree = head.tree;
  const entries = staged.map((row): Sequenced => {
    const leaf = leafHash(Buffer.from(row.body, 'utf8'));
    const seq = BigInt(tree.size);
    tree = append(tree, leaf);
    return { ...row, seq, leaf };
  });
  await insert(tx, entries);
  const moved = await tx.$executeRaw`
    UPDATE audit.head SET size = ${BigInt(tree.size)}, root = ${rootOf(tree)}, frontier = ${encodeFrontier(tree)}, epoch = epoch + 1
    WHERE id = 1 AND epoch = ${head.epoch} AND size = ${BigInt(head.size)}`;
  if (moved !== 1)
    throw new Error('The head of the audit log moved under the sequencer; the batch is given back.');
  return entries.length;
}

async function readHead(tx: Transaction): Promise<Head> {
  const [row] = await tx.$queryRaw<{ size: bigint; epoch: number; frontier: Uint8Array }[]>`
    SELECT size, epoch, frontier FROM audit.head WHERE id = 1 FOR UPDATE`;
  if (row === undefined) throw new Error('The audit log has no head.');
  const size = Number(row.size);
  return { size, epoch: row.epoch, tree: decodeFrontier(size, row.frontier) };
}

async function insert(tx: Transaction, entries: Sequenced[]): Promise<void> {
  const rows = entries.map(({ seq, body, leaf, staged_at }) => {
    const parsed = parseBody(body);
    const columns = parsed === null ? unreadable(staged_at) : derive(parsed);
    return Prisma.sql`(${seq}, ${body}, ${leaf}, app.now(), ${new Date(columns.occurredAt)}, ${columns.action}, ${columns.actorId},
      ${columns.actorName}, ${columns.target}, ${columns.change}::int, ${columns.result})`;
  });
  await tx.$executeRaw`
    INSERT INTO audit.entry (seq, body, leaf, sequenced_at, occurred_at, action, actor_id, actor_name, target, change, result)
    VALUES ${Prisma.join(rows)}`;
}

/** A row that no code of ours staged must not stop the log: it goes in, and the verifier names it. */
const unreadable = (stagedAt: Date): Derived => ({
  occurredAt: stagedAt.toISOString(),
  action: 'unreadable',
  actorId: 'unknown',
  actorName: 'Unknown',
  target: 'unknown',
  change: null,
  result: 'failed',
});
