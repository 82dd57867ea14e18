import { csvCell } from '@/lib/audit/csv';
import { causeWords } from '../ledger/model';
import type { CostLine, MonthReport, ReportLine, Totals } from './contract';
import { levelText } from './words';

/** One table for all, told apart by its first column, so that a spreadsheet can filter it. */
const columns = [
  'row',
  'month',
  'environment',
  'state',
  'time_zone',
  'from',
  'to',
  'objective',
  'definition',
  'name',
  'service',
  'target_percent',
  'service_level_percent',
  'data',
  'met',
  'coverage_percent',
  'method',
  'events',
  'month_budget_minutes',
  'budget_failures',
  'budget_minutes',
  'failures',
  'minutes',
  'left_failures',
  'left_minutes',
  'share_of_budget_percent',
  'cause',
  'title',
  'by',
  'at',
  'note',
] as const;
type Column = (typeof columns)[number];
type Cells = Partial<Record<Column, string | number | null>>;

const fixed = (value: number | null | undefined, digits: number): number | null =>
  value === null || value === undefined ? null : Number(value.toFixed(digits));
const minutes = (seconds: number | null | undefined): number | null =>
  seconds === null || seconds === undefined ? null : fixed(seconds / 60, 5);
const percent = (share: number | null | undefined): number | null =>
  share === null || share === undefined ? null : fixed(share * 100, 4);
const metWord = (isMet: boolean | null): string => (isMet === null ? 'not judged' : isMet ? 'yes' : 'no');

const nameCells = (line: ReportLine): Cells => ({
  objective: line.objective,
  definition: line.definition,
  name: line.name,
  service: line.service,
});

const figureCells = (totals: Totals, target: string): Cells => ({
  target_percent: target,
  service_level_percent: totals.sli === null ? null : levelText(totals.sli, target),
  data: totals.state,
  met: metWord(totals.isMet),
  events: totals.total,
  budget_failures: totals.budget?.failures ?? null,
  budget_minutes: minutes(totals.budget?.seconds),
  failures: totals.spent?.failures ?? null,
  minutes: minutes(totals.spent?.seconds),
  left_failures: totals.left?.failures ?? null,
  left_minutes: minutes(totals.left?.seconds),
  share_of_budget_percent: percent(totals.spent?.share),
});

const costCells = ({
  cause,
  title,
  by,
  at,
  failures,
  seconds,
  share,
  low,
  high,
  isShared,
}: CostLine): Cells => ({
  cause: causeWords[cause],
  title,
  by,
  at,
  failures,
  minutes: minutes(seconds),
  share_of_budget_percent: percent(share),
  note: `between ${low} and ${high} failures${isShared ? ', shared' : ''}`,
});

/** All rows of one objective: its figures, what spent it, what cost most, and what was left out. */
function lineRows(line: ReportLine): Cells[] {
  const name = nameCells(line);
  const { target } = line;
  return [
    {
      row: 'objective',
      ...name,
      ...figureCells(line, target),
      time_zone: line.zone,
      from: line.from,
      to: line.to,
      coverage_percent: percent(line.coverage),
      method: line.method,
      month_budget_minutes: minutes(line.monthBudgetSeconds),
      note: line.notes.join(' '),
    },
    ...(line.without === null
      ? []
      : [{ row: 'without exclusions', ...name, ...figureCells(line.without, target) }]),
    ...line.byCause.map(
      (one): Cells => ({
        row: 'cause',
        ...name,
        cause: causeWords[one.cause],
        failures: one.failures,
        minutes: minutes(one.seconds),
        share_of_budget_percent: percent(one.share),
      }),
    ),
    ...line.largest.map((one): Cells => ({ row: 'cost', ...name, ...costCells(one) })),
    ...line.exclusions.map(
      (one): Cells => ({
        row: 'exclusion',
        ...name,
        by: one.by,
        minutes: minutes(one.seconds),
        note: one.reason,
      }),
    ),
  ];
}

/** A month as CSV (RFC 4180). Texts that a spreadsheet would take for a formula are made harmless. */
export function reportCsv({ state, frozenAt, hash, report, corrections }: MonthReport): string {
  const { month, environment, timeZone } = report;
  const every: Cells = { month, environment, state };
  const rows: Cells[] = [
    {
      row: 'report',
      time_zone: timeZone,
      from: report.from,
      to: report.until,
      at: frozenAt,
      note: hash === null ? 'So far; not frozen.' : `Frozen; SHA-256 ${hash}`,
    },
    ...report.lines.flatMap(lineRows),
    ...corrections.map(
      (one): Cells => ({
        row: 'correction',
        objective: one.objective,
        definition: one.definition,
        title: one.what,
        failures: one.failures,
        minutes: minutes(one.seconds),
        by: one.by,
        at: one.at,
        note: one.why,
      }),
    ),
    ...report.missing.map((note): Cells => ({ row: 'missing', note })),
    ...report.summary.map((note): Cells => ({ row: 'summary', note })),
    ...report.method.sentences.map(
      (note): Cells => ({
        row: 'method',
        title: `version ${report.method.version}`,
        note,
      }),
    ),
  ];
  const text = rows.map((row) => {
    const cells = { ...every, ...row };
    return columns.map((column) => csvCell(cells[column] ?? null)).join(',');
  });
  return `${[columns.join(','), ...text].join('\r\n')}\r\n`;
}
