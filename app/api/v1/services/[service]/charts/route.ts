import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { serviceChartsView } from '@/lib/service/charts-view';
import { ranges, ServiceCharts } from '@/lib/service/contract';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'Charts of a service in one region over a range, with the changes that ran in it.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ service: Slug }),
  query: z.object({
    environment: z.optional(Slug),
    region: z.optional(Slug),
    range: z.enum(ranges).default('2h'),
  }),
  output: ServiceCharts,
  handler: ({ params, query }) => serviceChartsView(config(), { ...params, ...query }),
});
