import 'server-only';
import { changeId, changeNumber } from '@/lib/core/ids';
import type { Database } from '@/lib/db/client';
import { Prisma } from '@/prisma/generated/client';
import { isAuditAction } from './actions';
import type { AuditExportQuery, AuditRow } from './contract';
import { parseBody } from './entry';
import { hex } from './merkle';

export type AuditFilter = Omit<AuditExportQuery, 'format'>;
type Row = { seq: bigint; body: string; leaf: Uint8Array; previous: Uint8Array | null };

/** Entries below `before` (newest first) or from `from` upwards (oldest first), at most `limit`. */
export type Page = { before: number | null; limit: number } | { since: number; limit: number };

/** One page of entries by position; position is the only order that never shifts under a reader. */
export async function listEntries(db: Database, filter: AuditFilter, page: Page): Promise<AuditRow[]> {
  const newestFirst = 'before' in page;
  const bound = newestFirst
    ? page.before === null
      ? Prisma.sql`TRUE`
      : Prisma.sql`e.seq < ${BigInt(page.before)}`
    : Prisma.sql`e.seq >= ${BigInt(page.since)}`;
  const rows = await db.$queryRaw<Row[]>`
    SELECT e.seq, e.body, e.leaf, p.leaf AS previous
    FROM audit.entry e LEFT JOIN audit.entry p ON p.seq = e.seq - 1
    WHERE ${bound} AND ${conditions(filter)}
    ORDER BY e.seq ${newestFirst ? Prisma.sql`DESC` : Prisma.sql`ASC`} LIMIT ${page.limit}`;
  return rows.map(toRow);
}

export async function countEntries(db: Database, filter: AuditFilter): Promise<number> {
  const [row] = await db.$queryRaw<
    { count: bigint }[]
  >`SELECT count(*) FROM audit.entry e WHERE ${conditions(filter)}`;
  return Number(row?.count ?? 0n);
}

function conditions({ actor, action, target, change, from, to }: AuditFilter): Prisma.Sql {
  const wanted: Prisma.Sql[] = [Prisma.sql`TRUE`];
  if (actor) wanted.push(Prisma.sql`(e.actor_id = ${actor} OR e.actor_name ILIKE ${containing(actor)})`);
  if (action)
    wanted.push(
      isAuditAction(action)
        ? Prisma.sql`e.action = ${action}`
        : Prisma.sql`e.action LIKE ${`${literal(action)}.%`}`,
    );
  if (target) wanted.push(Prisma.sql`e.target ILIKE ${containing(target)}`);
  if (change) wanted.push(Prisma.sql`e.change = ${changeNumber(change)}`);
  if (from) wanted.push(Prisma.sql`e.occurred_at >= ${new Date(from)}`);
  if (to) wanted.push(Prisma.sql`e.occurred_at < ${new Date(to)}`);
  return Prisma.join(wanted, ' AND ');
}

const literal = (text: string): string => text.replace(/[\\%_]/g, (character) => `\\${character}`);
const containing = (text: string): string => `%${literal(text)}%`;

/** What people see comes from the hashed text, not from the columns beside it. */
function toRow({ seq, body, leaf, previous }: Row): AuditRow {
  const parsed = parseBody(body);
  const shared = {
    seq: Number(seq),
    leaf: hex(leaf),
    previousLeaf: previous === null ? null : hex(previous),
  };
  if (parsed === null) {
    return {
      ...shared,
      at: new Date(0).toISOString(),
      actor: { kind: 'anonymous', id: 'unknown', name: 'Unknown' },
      via: 'unknown',
      action: 'unreadable',
      target: 'unknown',
      change: null,
      result: 'failed',
      reason: 'The text of this entry is not an entry of this log.',
      details: {},
    };
  }
  const { kind, id, name } = parsed.actor;
  return {
    ...shared,
    at: parsed.at,
    actor: { kind, id, name },
    via: parsed.producer,
    action: parsed.action,
    target: parsed.target,
    change: parsed.change === undefined ? null : changeId(parsed.change),
    result: parsed.result,
    reason: parsed.reason ?? null,
    details: parsed.details,
  };
}
