import 'server-only';
import { createHash } from 'node:crypto';
import type { Actor } from '@/lib/access/model';
import { canonicalJson } from '@/lib/audit/canonical';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import type { Database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import { ReportDocument } from './contract';
import { monthBounds, monthOf, monthsBetween, shiftMonth } from './month';
import { type Definition, firstKnown, readDefinitions } from './read-definitions';
import { partsOf, readReport } from './read-report';
import { type Readiness, readinessOf } from './readiness';
import { lastFrozenMonth, type ReportKey } from './store';

/** The first month that is not closed: after the newest closed one, else the one in which counting began. */
export async function firstOpenMonth(
  db: Database,
  config: Config,
  environment: string,
): Promise<string | null> {
  const last = await lastFrozenMonth(db, environment);
  if (last !== null) return shiftMonth(last, 1);
  const known = await firstKnown(db, environment);
  return known === null ? null : monthOf(config.reports.timeZone, known);
}

/** Whether a month can be closed, from how far its definitions are recorded. */
export function readinessOfMonth(
  config: Config,
  definitions: readonly Definition[],
  month: string,
  now: number,
): Readiness {
  const { grace, longestWait, timeZone } = config.reports;
  const recorded = partsOf(config, definitions, month).map(({ definition, month: bounds }) => ({
    name: definition.slo.name,
    month: bounds,
    isRetired: definition.retired !== null,
    firstSeen: definition.firstSeen,
    progress: definition.progress,
  }));
  return readinessOf(recorded, {
    month: monthBounds(month, timeZone),
    now,
    grace,
    longestWait,
    zone: timeZone,
  });
}

/** Stores a report as closed with its audit entry; false when another worker was first. */
export async function storeFrozen(
  db: Database,
  { month, environment }: ReportKey,
  report: ReportDocument,
  actor: Actor,
): Promise<boolean> {
  const content = canonicalJson(ReportDocument.parse(report));
  const hash = createHash('sha256').update(content, 'utf8').digest('hex');
  return transaction(async (tx) => {
    const written = await tx.$executeRaw`
      INSERT INTO slo_report (month, environment, content, hash) VALUES (${month}, ${environment}, ${content}, ${hash})
      ON CONFLICT (month, environment) DO NOTHING`;
    if (written === 0) return false;
    await stage(tx, {
      action: 'report.frozen',
      actor,
      target: `report:${month}`,
      result: 'ok',
      details: {
        month,
        environment,
        hash,
        objectives: report.lines.length,
        met: report.lines.filter(({ isMet }) => isMet === true).length,
      },
    });
    return true;
  }, db);
}

/** Closes every month that is over and final, oldest first; a month never closes before the one before it. */
export async function freezeReports(db: Database, config: Config, actor: Actor): Promise<ReportKey[]> {
  const frozen: ReportKey[] = [];
  const now = (await databaseNow(db)).getTime() / 1000;
  for (const { id: environment } of config.environments) {
    const first = await firstOpenMonth(db, config, environment);
    if (first === null) continue;
    const last = shiftMonth(monthOf(config.reports.timeZone, now), -1);
    const months = monthsBetween(first, last);
    if (months.length === 0) continue;
    const definitions = await readDefinitions(db, config, environment);
    for (const month of months) {
      const { isDue, missing } = readinessOfMonth(config, definitions, month, now);
      if (!isDue) break;
      const report = await readReport(db, { config, environment, now, month, missing }, definitions);
      if (await storeFrozen(db, { month, environment }, report, actor)) frozen.push({ month, environment });
    }
  }
  return frozen;
}
