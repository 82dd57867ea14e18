import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { taggedJson } from '@/lib/http/tagged';
import { Fleet } from '@/lib/slo/fleet/contract';
import { sentFleet } from '@/lib/slo/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary:
    'Every objective of an environment and its groups with their budgets, worst first. Send the ETag back as If-None-Match: 304 while nothing changed.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  query: z.object({ environment: z.optional(Slug) }),
  output: Fleet,
  handler: async ({ query, request }) => taggedJson(request, await sentFleet(config(), query.environment)),
});
