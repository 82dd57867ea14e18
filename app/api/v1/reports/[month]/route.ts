import { z } from 'zod';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';
import { Month, MonthReport, ReportQuery } from '@/lib/slo/report/contract';
import { asFile } from '@/lib/slo/report/file';
import { reportView } from '@/lib/slo/report/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'The report of a month: frozen when it is closed, so far while it runs; with format, as a file.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ month: Month }),
  query: ReportQuery,
  output: MonthReport,
  handler: async ({ actor, params: { month }, query: { environment, format } }) => {
    const report = await reportView(config(), { month, environment }, actor);
    return format === undefined ? report : asFile(report, format);
  },
});
