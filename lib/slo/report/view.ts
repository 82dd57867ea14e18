import 'server-only';
import { type Caller, can } from '@/lib/access/model';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { monotonicMs } from '@/lib/core/time';
import { type Database, database } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import { environmentOf } from '@/lib/service/placements';
import type { MonthList, MonthReport, MonthRow, ReportDocument } from './contract';
import { correctedOf } from './corrected';
import { firstOpenMonth, readinessOfMonth } from './freeze-report';
import { monthOf, monthsBetween, shiftMonth } from './month';
import { readDefinitions } from './read-definitions';
import { readReport } from './read-report';
import { type FrozenRow, listFrozen, type ReportKey, readCorrections, readFrozen } from './store';
import { monthName } from './words';

/** A month that is not closed is counted anew after so long: its buckets are many, and a report is no alarm. */
const keptMs = 30_000;
type Kept = { atMs: number; report: Promise<ReportDocument> };

declare global {
  var signalboxOpenReports: Map<string, Kept> | undefined;
}

/** The report as it stands, counted once for all who look at it about now. */
function openReport(
  db: Database,
  config: Config,
  { month, environment }: ReportKey,
  now: number,
): Promise<ReportDocument> {
  globalThis.signalboxOpenReports ??= new Map();
  const reports = globalThis.signalboxOpenReports;
  const key = `${environment} ${month}`;
  const kept = reports.get(key);
  if (kept !== undefined && monotonicMs() - kept.atMs < keptMs) return kept.report;
  const report = readReport(db, { config, environment, now, month });
  reports.set(key, { atMs: monotonicMs(), report });
  report.catch(() => {
    if (reports.get(key)?.report === report) reports.delete(key);
  });
  return report;
}

const frozenRow = ({ frozenAt, ...row }: FrozenRow): MonthRow => ({
  ...row,
  state: 'frozen',
  frozenAt: frozenAt.toISOString(),
});

const openRow = (month: string, running: string): MonthRow => ({
  month,
  state: month < running ? 'closing' : 'running',
  frozenAt: null,
  hash: null,
  met: null,
  judged: null,
  objectives: null,
  coverage: null,
  corrections: 0,
});

/** The months of which there is a report, newest first. Throws OpsError `not-found` for an unknown environment. */
export async function monthsView(
  config: Config,
  asked: string | undefined,
  db: Database = database(),
): Promise<MonthList> {
  const environment = environmentOf(config, asked);
  const { timeZone } = config.reports;
  const running = monthOf(timeZone, (await databaseNow(db)).getTime() / 1000);
  const [frozen, first] = await Promise.all([
    listFrozen(db, environment),
    firstOpenMonth(db, config, environment),
  ]);
  const open = first === null ? [running] : monthsBetween(first, running);
  return {
    environment,
    timeZone,
    months: [...open.reverse().map((month) => openRow(month, running)), ...frozen.map(frozenRow)],
  };
}

const noReport = (month: string, environment: string, why: string): OpsError =>
  new OpsError('not-found', `There is no report of ${monthName(month)} in ${environment}: ${why}.`, {
    next: 'Open the list of reports to see which months there are.',
  });

export type ReportAsk = { month: string; environment?: string | undefined };

/** The months beside one that have a report too. */
async function neighbours(db: Database, { month, environment }: ReportKey, running: string, first: string) {
  const before = await db.sloReport.findFirst({
    where: { environment, month: { lt: month } },
    select: { month: true },
    orderBy: { month: 'desc' },
  });
  const earlier = shiftMonth(month, -1);
  return {
    previous: before !== null || earlier >= first ? earlier : null,
    next: month < running ? shiftMonth(month, 1) : null,
  };
}

/** One month. Throws OpsError `not-found` for one of which nothing was recorded, or that has not begun. */
export async function reportView(
  config: Config,
  { month, environment: asked }: ReportAsk,
  actor: Caller,
  db: Database = database(),
): Promise<MonthReport> {
  const environment = environmentOf(config, asked);
  const key = { month, environment };
  const now = (await databaseNow(db)).getTime() / 1000;
  const running = monthOf(config.reports.timeZone, now);
  if (month > running) throw noReport(month, environment, 'it has not begun');
  const [frozen, open] = await Promise.all([readFrozen(db, key), firstOpenMonth(db, config, environment)]);
  const first = open ?? running;
  const beside = await neighbours(db, key, running, first);
  if (frozen !== null) {
    const corrections = await readCorrections(db, key);
    return {
      state: 'frozen',
      frozenAt: frozen.frozenAt.toISOString(),
      hash: frozen.hash,
      waiting: [],
      report: frozen.report,
      corrections,
      corrected: correctedOf(frozen.report.lines, corrections),
      mayCorrect: can(actor, 'report.correct'),
      ...beside,
    };
  }
  if (month < first) throw noReport(month, environment, 'nothing was recorded then');
  const isOver = month < running;
  const waiting = isOver
    ? readinessOfMonth(config, await readDefinitions(db, config, environment), month, now).waiting
    : [];
  return {
    state: isOver ? 'closing' : 'running',
    frozenAt: null,
    hash: null,
    waiting: isOver && waiting.length === 0 ? ['All counts are final: a worker freezes it soon.'] : waiting,
    report: await openReport(db, config, key, now),
    corrections: [],
    corrected: [],
    mayCorrect: false,
    ...beside,
  };
}
