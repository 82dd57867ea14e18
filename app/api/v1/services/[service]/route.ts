import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { ServiceView } from '@/lib/service/contract';
import { serviceView } from '@/lib/service/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'A service in one region: figures, alerts, changes.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ service: Slug }),
  query: z.object({ environment: z.optional(Slug), region: z.optional(Slug) }),
  output: ServiceView,
  handler: ({ actor, params, query }) => serviceView(config(), { ...params, ...query }, actor),
});
