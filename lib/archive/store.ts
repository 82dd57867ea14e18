import 'server-only';
import { z } from 'zod';
import { Evidence } from '@/lib/backup/contract';
import type { Renew } from '@/lib/backup/lease';
import { checkResults, type LatestCheck } from '@/lib/backup/model';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { Manifest } from './manifest';
import type { ArchiveKind } from './model';

/** An archive that has a file. */
export type KeptArchive = {
  id: string;
  object: string;
  bytes: number;
  sha256: string;
  startedAt: Date;
  level: number | null;
  content: Manifest;
};

/** The newest archive of a kind in a folder; another folder begins anew. Null: there is none. */
export async function newestArchive(
  db: DatabaseOrTransaction,
  kind: ArchiveKind,
  folder: string,
): Promise<KeptArchive | null> {
  const row = await db.archive.findFirst({
    where: { kind, folder, state: 'kept' },
    orderBy: { startedAt: 'desc' },
    select: {
      id: true,
      object: true,
      bytes: true,
      sha256: true,
      startedAt: true,
      level: true,
      content: true,
    },
  });
  if (row === null) return null;
  return {
    ...row,
    bytes: Number(row.bytes),
    sha256: row.sha256 ?? '',
    content: Manifest.parse(row.content),
  };
}

const Latest = z.object({
  archive_id: z.string(),
  level: z.number(),
  result: z.enum(checkResults),
  sentence: z.string(),
  evidence: z.array(Evidence),
});
export type StoredLatest = LatestCheck & { sentence: string; evidence: Evidence[] };

/** The newest look at each level of archives. */
export async function latestLooks(
  db: DatabaseOrTransaction,
  archives: readonly string[],
): Promise<Map<string, StoredLatest[]>> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT DISTINCT ON (archive_id, level) archive_id, level, result, sentence, evidence FROM archive_check
    WHERE archive_id = ANY(${[...archives]}::uuid[]) ORDER BY archive_id, level, id DESC`;
  const found = new Map<string, StoredLatest[]>();
  for (const row of rows) {
    const { archive_id: archive, ...latest } = Latest.parse(row);
    found.set(archive, [...(found.get(archive) ?? []), latest]);
  }
  return found;
}

/** Whether the latest look at some level of it failed. */
export const isSpoilt = (latest: readonly LatestCheck[]): boolean =>
  latest.some(({ result }) => result === 'failed');

/** Prolongs the lease of an archive, for lib/backup/lease.ts. */
export const renewArchive: Renew = async (db, id, { workerId, leaseSeconds }) => {
  const count = await db.$executeRaw`
    UPDATE archive SET lease_until = app.now() + ${leaseSeconds}::double precision * interval '1 s'
    WHERE id = ${id}::uuid AND lease_owner = ${workerId}`;
  return count === 1;
};
