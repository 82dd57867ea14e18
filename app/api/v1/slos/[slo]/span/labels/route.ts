import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { SpanLabels, SpanQuery } from '@/lib/slo/span/contract';
import { spanLabels } from '@/lib/slo/span/labels';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'The failures of a span by the labels of their series, asked of Prometheus in one bounded query.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ slo: Slug }),
  query: SpanQuery,
  output: SpanLabels,
  handler: ({ params, query, signal }) => spanLabels(config(), { ...params, ...query }, signal),
});
