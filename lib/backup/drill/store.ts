import 'server-only';
import { z } from 'zod';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { Evidence } from '../contract';
import { type DrillView, PhaseView } from './contract';
import { recoverySeconds } from './end-drill';
import { drillCauses, drillCountsSeconds, drillPhases, drillStates } from './model';
import type { PassedDrill } from './recovery-time';

const Stored = z.object({
  id: z.string(),
  database: z.string(),
  copy: z.string().nullable(),
  object: z.string().nullable(),
  snapshotAt: z.date().nullable(),
  cause: z.enum(drillCauses),
  requestedBy: z.string().nullable(),
  state: z.enum(drillStates),
  phase: z.enum(drillPhases).nullable(),
  phases: z.array(PhaseView),
  bytes: z.bigint().nullable(),
  requestedAt: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  sentence: z.string().nullable(),
  isFaultOfCopy: z.boolean(),
  evidence: z.array(Evidence),
});

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

function toView(row: unknown): DrillView {
  const { bytes, ...drill } = Stored.parse(row);
  return {
    ...drill,
    bytes: bytes === null ? null : Number(bytes),
    snapshotAt: iso(drill.snapshotAt),
    seconds: recoverySeconds(drill.phases),
    requestedAt: drill.requestedAt.toISOString(),
    startedAt: iso(drill.startedAt),
    finishedAt: iso(drill.finishedAt),
  };
}

/** Of a database: the drill that waits or runs, the newest that ended, and the newest that passed. */
export type Drills = { underWay: DrillView | null; last: DrillView | null; lastPassed: DrillView | null };

/** One that was cancelled says nothing, so the one before it stays the last. */
export async function readDrills(db: DatabaseOrTransaction, databaseId: string): Promise<Drills> {
  const rows = await db.$queryRaw<{ kind: string }[]>`
    SELECT found.kind, r.id, r.database_id AS database, r.copy_id AS copy, r.object, r.cause, r.state, r.phase, r.phases,
      r.bytes, r.evidence, r.sentence, r.requested_by_name AS "requestedBy", r.is_fault_of_copy AS "isFaultOfCopy",
      r.requested_at AS "requestedAt", r.started_at AS "startedAt", r.finished_at AS "finishedAt",
      (SELECT c.snapshot_at FROM backup_copy c WHERE c.id = r.copy_id) AS "snapshotAt"
    FROM (VALUES ('underWay', ARRAY['wanted', 'running']), ('last', ARRAY['done', 'failed']), ('lastPassed', ARRAY['done']))
      AS found (kind, states)
    CROSS JOIN LATERAL (SELECT * FROM restore_run WHERE database_id = ${databaseId} AND purpose = 'drill'
      AND state = ANY(found.states) ORDER BY finished_at DESC NULLS FIRST, requested_at DESC LIMIT 1) r`;
  const of = (kind: keyof Drills): DrillView | null => {
    const row = rows.find((one) => one.kind === kind);
    return row === undefined ? null : toView(row);
  };
  return { underWay: of('underWay'), last: of('last'), lastPassed: of('lastPassed') };
}

/** What a forecast goes by; null for a drill without figures. */
export function passedDrill(drill: DrillView | null): PassedDrill | null {
  if (drill === null || drill.finishedAt === null || drill.bytes === null) return null;
  return { finishedMs: Date.parse(drill.finishedAt), bytes: drill.bytes, phases: drill.phases };
}

/** Whether the newest drill failed and is not so old that nobody would ask. */
export const hasFailed = ({ last }: Drills, now: Date): boolean =>
  last?.state === 'failed' &&
  last.finishedAt !== null &&
  now.getTime() - Date.parse(last.finishedAt) <= drillCountsSeconds * 1000;
