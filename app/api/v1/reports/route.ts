import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { MonthList } from '@/lib/slo/report/contract';
import { monthsView } from '@/lib/slo/report/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'The months of which there is a report of objectives, newest first.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  query: z.object({ environment: z.optional(Slug) }),
  output: MonthList,
  handler: ({ query }) => monthsView(config(), query.environment),
});
