import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { ServiceSlis } from '@/lib/service/sli/contract';
import { serviceSlisView } from '@/lib/service/sli/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'Service level indicators of a service in one region, judged by the limits that hold there.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ service: Slug }),
  query: z.object({ environment: z.optional(Slug), region: z.optional(Slug) }),
  output: ServiceSlis,
  handler: ({ params, query }) => serviceSlisView(config(), { ...params, ...query }),
});
