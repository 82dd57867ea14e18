import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { taggedJson } from '@/lib/http/tagged';
import { FleetDays } from '@/lib/slo/fleet/contract';
import { sentDays } from '@/lib/slo/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary:
    'What each UTC day of its window spent of the budget of each objective of an environment. With an ETag, as the list.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  query: z.object({ environment: z.optional(Slug) }),
  output: FleetDays,
  handler: async ({ query, request }) => taggedJson(request, await sentDays(config(), query.environment)),
});
