import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { BacktestQuery, SloBacktest } from '@/lib/slo/backtest/contract';
import { backtestView } from '@/lib/slo/backtest/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'When the burn alerts of an objective would have fired over its window, from recorded counts.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ slo: Slug }),
  query: BacktestQuery,
  output: SloBacktest,
  handler: ({ params, query }) => backtestView(config(), { ...params, ...query }),
});
