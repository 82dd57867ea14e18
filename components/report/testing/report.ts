import { claim } from '@/lib/slo/ledger/testing/claims';
import type { MonthReport, ReportLine } from '@/lib/slo/report/contract';
import { methodSentences, methodVersion } from '@/lib/slo/report/method';
import { monthBounds } from '@/lib/slo/report/month';
import { summaryOf } from '@/lib/slo/report/summary';
import { failing, line, said } from '@/lib/slo/report/testing/lines';

export const month = '2026-10';
const { from, to } = monthBounds(month, 'UTC');
const day = 86_400;

/** 10 min of full outage, of which half came with a change. */
export const spentLine = line({
  month,
  at: (end) => failing(1000, end > from + day && end <= from + day + 600 ? 1000 : 0),
  claims: [claim('change:12', from + day, from + day + 300)],
  said: new Map([['change:12', said('change', 'Deploy 2.0.1')]]),
});
export const silentLine: ReportLine = {
  ...line({ month, at: () => null }),
  objective: 'mailer-availability',
  name: 'Mail',
};

/** A frozen month of two objectives, one of them without data. */
export function testReport(
  more: Partial<MonthReport> = {},
  lines: ReportLine[] = [spentLine, silentLine],
): MonthReport {
  const told = { month, environment: 'production', timeZone: 'UTC', lines, missing: [] };
  return {
    state: 'frozen',
    frozenAt: '2026-11-01T02:00:00.000Z',
    hash: 'ab'.repeat(32),
    waiting: [],
    report: {
      version: 1,
      ...told,
      from: new Date(from * 1000).toISOString(),
      to: new Date(to * 1000).toISOString(),
      until: new Date(to * 1000).toISOString(),
      summary: summaryOf({ ...told, soFar: null }),
      method: { version: methodVersion, sentences: [...methodSentences] },
    },
    corrections: [],
    corrected: [],
    mayCorrect: false,
    previous: null,
    next: '2026-11',
    ...more,
  };
}
