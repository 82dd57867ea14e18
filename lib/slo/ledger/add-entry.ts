import 'server-only';
import type { Person } from '@/lib/access/model';
import { requirePermission } from '@/lib/access/require-permission';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { changeNumber } from '@/lib/core/ids';
import { type Database, database } from '@/lib/db/client';
import { databaseNow, type Transaction, transaction } from '@/lib/db/transaction';
import { serviceOf } from '@/lib/service/placements';
import { refuseField, requireSlo } from './allowed';
import type { AddEntry, EntryRow } from './contract';
import { ENTRY_MAX_SECONDS } from './model';
import { toEntry } from './store';

export type AddEntryCall = {
  actor: Person;
  config: Config;
  slo: string;
  input: AddEntry;
  requestId?: string | undefined;
};

/** Refuses spans that cannot be meant. Only an incident must have begun: the others may be planned. */
function requireSpan({ cause, from, to }: AddEntry, now: Date): { fromAt: Date; toAt: Date } {
  const span = { fromAt: new Date(from), toAt: new Date(to) };
  const seconds = (span.toAt.getTime() - span.fromAt.getTime()) / 1000;
  if (seconds <= 0) refuseField('to', 'must be after from');
  if (seconds > ENTRY_MAX_SECONDS) refuseField('to', 'must be at most 31 days after from');
  if (cause === 'incident' && span.fromAt > now)
    refuseField('from', 'is in the future, and an incident is not');
  if (span.fromAt.getTime() > now.getTime() + ENTRY_MAX_SECONDS * 1000)
    refuseField('from', 'is more than 31 days ahead');
  return span;
}

/** Refuses a cause that the objective does not know: another service's change, a region where it does not run. */
async function requireKnown(
  tx: Transaction,
  { config, input }: AddEntryCall,
  service: string,
  environment: string,
): Promise<void> {
  const regions = (serviceOf(config, service).placements[environment] ?? []).map(({ region }) => region);
  if (input.region !== undefined && !regions.includes(input.region))
    refuseField('region', 'is not one where the service runs', `It runs in: ${regions.join(', ')}.`);
  if (input.change === undefined) return;
  const number = changeNumber(input.change);
  const change = await tx.change.findUnique({
    where: { number },
    select: { service: true, environment: true },
  });
  if (change?.service !== service || change.environment !== environment)
    refuseField('change', `is not a change of ${service} in ${environment}`);
}

/** Writes what budget was spent on. Throws OpsError `forbidden`, `not-found` or `invalid`. */
export async function addEntry(call: AddEntryCall, db: Database = database()): Promise<EntryRow> {
  const { actor, config, input, requestId } = call;
  requirePermission(actor, 'slo.account');
  const { slo, environment } = requireSlo(config, call.slo, input.environment);
  return transaction(async (tx) => {
    const createdAt = await databaseNow(tx);
    const span = requireSpan(input, createdAt);
    await requireKnown(tx, call, slo.service, environment);
    const { cause, title, region, note, link, change } = input;
    const record = await tx.sloEntry.create({
      data: {
        slo: slo.id,
        environment,
        cause,
        ...span,
        title,
        region: region ?? null,
        note: note === undefined || note === '' ? null : note,
        link: link ?? null,
        changeNumber: change === undefined ? null : changeNumber(change),
        createdAt,
        createdById: actor.id,
        createdByName: actor.name,
      },
    });
    await stage(tx, {
      action: 'slo.entry_added',
      actor,
      target: `slo:${slo.id}`,
      result: 'ok',
      requestId,
      details: {
        id: record.id,
        environment,
        cause,
        title,
        region,
        from: span.fromAt.toISOString(),
        to: span.toAt.toISOString(),
        change,
      },
    });
    return toEntry(record);
  }, db);
}
