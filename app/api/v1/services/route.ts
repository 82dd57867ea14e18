import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { ServiceList } from '@/lib/service/contract';
import { serviceListJson } from '@/lib/service/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'Every service and region of an environment, worst first.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  query: z.object({ environment: z.optional(Slug) }),
  output: ServiceList,
  handler: async ({ query }) =>
    new Response(await serviceListJson(config(), query.environment), {
      headers: { 'Content-Type': 'application/json' },
    }),
});
