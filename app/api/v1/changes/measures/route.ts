import { MeasuresQuery, MeasuresView } from '@/lib/change/history/contract';
import { measuresView } from '@/lib/change/history/measures-view';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'The five measures of DORA of a service or of all, each with its definition and its numbers.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  query: MeasuresQuery,
  output: MeasuresView,
  handler: ({ query }) => measuresView(config(), query),
});
