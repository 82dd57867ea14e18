import 'server-only';
import type { Person } from '@/lib/access/model';
import { requirePermission } from '@/lib/access/require-permission';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { type Database, database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import { environmentOf } from '@/lib/service/placements';
import { refuseField } from '../ledger/allowed';
import { rounded } from './amounts';
import type { AddCorrection, Correction, ReportLine } from './contract';
import { readFrozen, toCorrection } from './store';
import { monthName } from './words';

export type AddCorrectionCall = {
  actor: Person;
  config: Config;
  month: string;
  input: AddCorrection;
  requestId?: string | undefined;
};

/** The line that is corrected; an objective that was edited in the month has several. */
function lineOf(lines: readonly ReportLine[], { objective, definition }: AddCorrection): ReportLine {
  const all = lines.filter((line) => line.objective === objective);
  if (all.length === 0) refuseField('objective', 'is not in the report of this month');
  const named = definition === undefined ? all : all.filter((line) => line.definition === definition);
  const [line] = named;
  if (line === undefined || named.length > 1) {
    const names = all.map((one) => one.definition).join(', ');
    refuseField('definition', 'does not name one line of this objective', `Its definitions are: ${names}.`);
  }
  return line;
}

/** Decimal text for the audit log, whose numbers are whole. */
const textOf = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : String(rounded(value));

/**
 * Writes beside a closed month what was learned later. Throws OpsError `forbidden`, `precondition` for a month that
 * is not closed, `not-found` or `invalid`.
 */
export async function addCorrection(call: AddCorrectionCall, db: Database = database()): Promise<Correction> {
  const { actor, config, month, input, requestId } = call;
  requirePermission(actor, 'report.correct');
  const environment = environmentOf(config, input.environment);
  return transaction(async (tx) => {
    const frozen = await readFrozen(tx, { month, environment });
    if (frozen === null) {
      throw new OpsError('precondition', `${monthName(month)} is not closed in ${environment}.`, {
        next: 'Before the close nothing is corrected: write what spent budget into the ledger of the objective.',
      });
    }
    const line = lineOf(frozen.report.lines, input);
    const { what, why, failures, seconds } = input;
    const row = await tx.sloReportCorrection.create({
      data: {
        month,
        environment,
        slo: line.objective,
        definition: line.definition,
        what,
        why,
        failures: failures === undefined ? null : rounded(failures),
        seconds: seconds === undefined ? null : rounded(seconds),
        createdAt: await databaseNow(tx),
        createdById: actor.id,
        createdByName: actor.name,
      },
    });
    await stage(tx, {
      action: 'report.corrected',
      actor,
      target: `report:${month}`,
      result: 'ok',
      reason: why,
      requestId,
      details: {
        id: row.id,
        month,
        environment,
        objective: line.objective,
        definition: line.definition,
        what,
        failures: textOf(failures),
        seconds: textOf(seconds),
      },
    });
    return toCorrection(row);
  }, db);
}
