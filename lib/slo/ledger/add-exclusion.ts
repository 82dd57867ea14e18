import 'server-only';
import type { Person } from '@/lib/access/model';
import { requirePermission } from '@/lib/access/require-permission';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { recurrenceProblems } from '@/lib/core/recurrence';
import { type Database, database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import { refuseField, requireSlo } from './allowed';
import type { AddExclusion, WrittenExclusion } from './contract';
import { ENTRY_MAX_SECONDS } from './model';
import { toExclusion } from './store';

export type AddExclusionCall = {
  actor: Person;
  config: Config;
  slo: string;
  input: AddExclusion;
  requestId?: string | undefined;
};

/** The columns of the one form or the other. Throws OpsError `invalid`. */
function columnsOf(input: AddExclusion) {
  if (input.kind === 'recurring') {
    const { rule, starts, zone, seconds } = input;
    const [problem] = recurrenceProblems({ rule, starts, zone, seconds });
    if (problem !== undefined) refuseField(problem.path, problem.message);
    return { rule, starts, zone, seconds };
  }
  const fromAt = new Date(input.from);
  const toAt = new Date(input.to);
  if (toAt <= fromAt) refuseField('to', 'must be after from');
  if (toAt.getTime() - fromAt.getTime() > ENTRY_MAX_SECONDS * 1000)
    refuseField('to', 'must be at most 31 days after from');
  return { fromAt, toAt };
}

/**
 * Leaves the events of a span out of an objective: a correction of what is reported, so leads alone may make it.
 * Throws OpsError `forbidden`, `not-found` or `invalid`.
 */
export async function addExclusion(
  { actor, config, slo: id, input, requestId }: AddExclusionCall,
  db: Database = database(),
): Promise<WrittenExclusion> {
  requirePermission(actor, 'slo.exclude');
  const { slo, environment } = requireSlo(config, id, input.environment);
  const columns = columnsOf(input);
  return transaction(async (tx) => {
    const record = await tx.sloExclusion.create({
      data: {
        slo: slo.id,
        environment,
        ...columns,
        reason: input.reason,
        createdAt: await databaseNow(tx),
        createdById: actor.id,
        createdByName: actor.name,
      },
    });
    await stage(tx, {
      action: 'slo.exclusion_added',
      actor,
      target: `slo:${slo.id}`,
      result: 'ok',
      reason: input.reason,
      requestId,
      details: {
        id: record.id,
        environment,
        from: record.fromAt?.toISOString(),
        to: record.toAt?.toISOString(),
        rule: record.rule ?? undefined,
        starts: record.starts ?? undefined,
        zone: record.zone ?? undefined,
        seconds: record.seconds ?? undefined,
      },
    });
    return toExclusion(record);
  }, db);
}
