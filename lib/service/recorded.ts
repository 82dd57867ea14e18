import 'server-only';
import { type AuditBody, parseBody } from '@/lib/audit/entry';
import { database } from '@/lib/db/client';
import { Poll } from '@/lib/sources/poll';
import { timelineActions } from './timeline';

/** An audit entry with its position. */
export type Recorded = { seq: string; body: AuditBody };

declare global {
  var signalboxRecorded: Poll<Recorded[]> | undefined;
}

async function readRecorded(): Promise<Recorded[]> {
  const rows = await database().auditEntry.findMany({
    where: { action: { in: [...timelineActions] } },
    orderBy: { seq: 'desc' },
    take: 60,
    select: { seq: true, body: true },
  });
  // An entry that cannot be read is the audit page's to report; the timeline leaves it out.
  return rows.flatMap(({ seq, body }) => {
    const read = parseBody(body);
    return read === null ? [] : [{ seq: String(seq), body: read }];
  });
}

/** The newest recorded moves of changes, newest first. */
export function recordedPoll(): Poll<Recorded[]> {
  globalThis.signalboxRecorded ??= new Poll<Recorded[]>({
    name: 'recorded moves',
    intervalMs: 5000,
    read: readRecorded,
  });
  return globalThis.signalboxRecorded;
}
