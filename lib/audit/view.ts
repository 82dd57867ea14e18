import 'server-only';
import { monotonicMs } from '@/lib/core/time';
import { type Database, database } from '@/lib/db/client';
import type { AuditList, AuditQuery, AuditVerification } from './contract';
import { listEntries } from './list';
import { verifyAudit } from './verify';

/** A page of the log, newest first. Every signed-in person may read it. */
export async function viewAudit(query: AuditQuery, db: Database = database()): Promise<AuditList> {
  const { before, limit, ...filter } = query;
  const entries = await listEntries(db, filter, { before: before ?? null, limit });
  const head = await db.auditHead.findUniqueOrThrow({ where: { id: 1 }, select: { size: true } });
  const last = entries.at(-1)?.seq;
  return {
    entries,
    next: entries.length < limit || last === undefined || last === 0 ? null : last,
    size: Number(head.size),
  };
}

const LEAST_MS = 5000;
const PAUSES = 10;

type Verdict = {
  result: Promise<AuditVerification>;
  /** On the monotonic clock; endless while it is computed. */
  keptUntilMs: number;
  /** One more, begun when this one ends, for those who asked for a new one meanwhile. */
  next: Promise<AuditVerification> | null;
};
declare global {
  var signalboxVerification: Verdict | undefined;
}

/**
 * The verdict over the whole log; asked by several people at once it is computed once. It is kept for ten times
 * as long as it took and for 5 s at least, so that open pages do not verify a long log without a pause. `anew`
 * reads the log as it is from now on; it never runs twice at a time.
 */
export function viewVerification(
  db: Database = database(),
  { anew = false }: { anew?: boolean } = {},
): Promise<AuditVerification> {
  const known = globalThis.signalboxVerification;
  if (known === undefined) return verify(db);
  if (!anew && monotonicMs() < known.keptUntilMs) return known.result;
  if (known.keptUntilMs !== Number.POSITIVE_INFINITY) return verify(db);
  const again = () => verify(db);
  known.next ??= known.result.then(again, again);
  return known.next;
}

function verify(db: Database): Promise<AuditVerification> {
  const startedMs = monotonicMs();
  const made: Verdict = { result: verifyAudit(db), keptUntilMs: Number.POSITIVE_INFINITY, next: null };
  globalThis.signalboxVerification = made;
  made.result.then(
    () => {
      const endedMs = monotonicMs();
      made.keptUntilMs = endedMs + Math.max(LEAST_MS, PAUSES * (endedMs - startedMs));
    },
    () => {
      if (globalThis.signalboxVerification === made) globalThis.signalboxVerification = undefined;
    },
  );
  return made.result;
}
