import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { AdoptedList } from '@/lib/slo/adopted/contract';
import { adoptedView } from '@/lib/slo/adopted/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'Objectives that rules of Sloth and Pyrra record in Prometheus, as those rules say they stand.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  query: z.object({ environment: z.optional(Slug) }),
  output: AdoptedList,
  handler: ({ query }) => adoptedView(config(), query.environment),
});
