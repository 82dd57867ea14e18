import type { MonthReport } from './contract';
import { reportCsv } from './csv';

/** What of a month is kept outside: who may correct it is not part of it. */
function jsonOf({ state, frozenAt, hash, waiting, report, corrections, corrected }: MonthReport): string {
  return `${JSON.stringify({ state, frozenAt, hash, waiting, report, corrections, corrected }, null, 2)}\n`;
}

/** A month as a file to keep: `slo-report-2026-11-production.csv`. */
export function asFile(report: MonthReport, format: 'json' | 'csv'): Response {
  const { month, environment } = report.report;
  const [text, type] =
    format === 'csv' ? [reportCsv(report), 'text/csv'] : [jsonOf(report), 'application/json'];
  return new Response(text, {
    headers: {
      'Content-Type': `${type}; charset=utf-8`,
      'Content-Disposition': `attachment; filename="slo-report-${month}-${environment}.${format}"`,
    },
  });
}
