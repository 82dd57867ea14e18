import type { Panel } from './panel-way';

/** The states of the monthly reports, for panel-table.ts. */
const inMonths = (why: string, test: string) => ({
  why,
  file: 'components/report/reports-screen.test.tsx',
  test,
});
const inReport = (why: string, test: string) => ({
  why,
  file: 'components/report/report-screen.test.tsx',
  test,
});

export const reportPanels: Panel[] = [
  {
    panel: 'reports: months',
    loading: { from: '/slos', link: 'Monthly reports', hold: 'answers', loading: 'Loading monthly reports' },
    empty: inMonths('the running month is always listed', 'says what an empty list waits for'),
    stale: inMonths(
      'it is read once a minute',
      'keeps the months that it has read when the next reading fails',
    ),
    error: { before: '/slos', follow: 'Monthly reports', see: /database does not answer/ },
  },
  {
    panel: 'report: month',
    loading: inReport('a frozen month is there at once', 'shows a shape on its way'),
    empty: inReport(
      'signalbox.yaml always names one here',
      'says so when nothing was recorded, and when nothing was spent',
    ),
    stale: inReport('it is read once a minute', 'keeps what it has read when the next reading fails'),
    error: inReport('the page before it has gone too', 'shows a shape on its way, and why there is none'),
  },
];
