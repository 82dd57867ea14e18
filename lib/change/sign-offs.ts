import 'server-only';
import { z } from 'zod';
import { roles } from '@/lib/access/model';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { Counted } from '@/lib/policy/quorum';

export type LiveSignOff = Counted & { id: string; userName: string; planHash: string; createdAt: Date };

const KnownRole = z.enum(roles);

/** Approvals of a change that count: not withdrawn, not voided. */
export async function liveSignOffs(db: DatabaseOrTransaction, changeNumber: number): Promise<LiveSignOff[]> {
  const rows = await db.signOff.findMany({
    where: { changeNumber, voidedAt: null, decision: 'approved' },
    select: { id: true, role: true, userId: true, userName: true, planHash: true, createdAt: true },
    orderBy: { createdAt: 'asc' },
  });
  return rows.map((row) => ({ ...row, role: KnownRole.parse(row.role) }));
}
