import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { SloSpan, SpanQuery } from '@/lib/slo/span/contract';
import { spanView } from '@/lib/slo/span/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary:
    'What a span of time cost an objective: share of the budget, burn, groups, and what happened in it.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ slo: Slug }),
  query: SpanQuery,
  output: SloSpan,
  handler: ({ params, query }) => spanView(config(), { ...params, ...query }),
});
