import 'server-only';
import { z } from 'zod';
import type { SloExclusion } from '@/lib/config/slo-exclusion';
import { changeId } from '@/lib/core/ids';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { SloEntry as EntryRecord, SloExclusion as ExclusionRecord } from '@/prisma/generated/client';
import type { EntryRow, WrittenExclusion } from './contract';
import { entryCauses } from './model';
import type { Span } from './spans';

export type Scope = { slo: string; environment: string };
const toDate = (seconds: number): Date => new Date(seconds * 1000);

type VoidColumns = { voidedAt: Date | null; voidedByName: string | null; voidReason: string | null };
const voidedOf = ({ voidedAt, voidedByName, voidReason }: VoidColumns): EntryRow['voided'] =>
  voidedAt === null ? null : { at: voidedAt.toISOString(), by: voidedByName ?? '', reason: voidReason ?? '' };

export function toEntry(record: EntryRecord): EntryRow {
  return {
    id: record.id,
    cause: z.enum(entryCauses).parse(record.cause),
    region: record.region,
    from: record.fromAt.toISOString(),
    to: record.toAt.toISOString(),
    title: record.title,
    note: record.note,
    link: record.link,
    change: record.changeNumber === null ? null : changeId(record.changeNumber),
    by: record.createdByName,
    createdAt: record.createdAt.toISOString(),
    voided: voidedOf(record),
  };
}

/** Entries that touch the span, oldest first, the voided ones too. */
export async function readEntries(
  db: DatabaseOrTransaction,
  { slo, environment }: Scope,
  { from, to }: Span,
): Promise<EntryRow[]> {
  const records = await db.sloEntry.findMany({
    where: { slo, environment, toAt: { gt: toDate(from) }, fromAt: { lt: toDate(to) } },
    orderBy: [{ fromAt: 'asc' }, { id: 'asc' }],
    take: 1000,
  });
  return records.map(toEntry);
}

/** The exclusion that a row says; a row is one span or a rule (held by a constraint). */
export function exclusionOf(record: ExclusionRecord): SloExclusion {
  const { reason, rule, starts, zone, seconds, fromAt, toAt } = record;
  if (rule !== null && starts !== null && zone !== null && seconds !== null)
    return { kind: 'recurring', reason, rule, starts, zone, seconds };
  if (fromAt === null || toAt === null) throw new Error(`The exclusion ${record.id} has no span.`);
  return { kind: 'once', reason, from: fromAt.getTime() / 1000, to: toAt.getTime() / 1000 };
}

export const whenOf = (exclusion: SloExclusion): WrittenExclusion['when'] =>
  exclusion.kind === 'once'
    ? {
        kind: 'once',
        from: toDate(exclusion.from).toISOString(),
        to: toDate(exclusion.to).toISOString(),
      }
    : {
        kind: 'recurring',
        rule: exclusion.rule,
        starts: exclusion.starts,
        zone: exclusion.zone,
        seconds: exclusion.seconds,
      };

export function toExclusion(record: ExclusionRecord): WrittenExclusion {
  return {
    id: record.id,
    reason: record.reason,
    when: whenOf(exclusionOf(record)),
    by: record.createdByName,
    createdAt: record.createdAt.toISOString(),
    voided: voidedOf(record),
  };
}

/** Exclusions that people wrote, oldest first, the voided ones too. */
export const readExclusions = (
  db: DatabaseOrTransaction,
  { slo, environment }: Scope,
): Promise<ExclusionRecord[]> =>
  db.sloExclusion.findMany({
    where: { slo, environment },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: 1000,
  });
