import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { OverviewView } from '@/lib/service/contract';
import { overviewJson } from '@/lib/service/overview-view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary:
    'State of every service of an environment, what waits for the reader, what runs and what happened.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  query: z.object({ environment: z.optional(Slug) }),
  output: OverviewView,
  handler: async ({ actor, query }) =>
    new Response(await overviewJson(config(), query.environment, actor), {
      headers: { 'Content-Type': 'application/json' },
    }),
});
