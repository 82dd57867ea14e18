import { z } from 'zod';
import { HistoryQuery, HistoryView } from '@/lib/change/history/contract';
import { historyView } from '@/lib/change/history/view';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'What runs where of a service, and its changes of every kind with what each cost of the budgets.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ service: Slug }),
  query: HistoryQuery,
  output: HistoryView,
  handler: ({ params, query }) => historyView(config(), { ...params, ...query }),
});
