import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { GroupKey, SloPage } from '@/lib/slo/page/contract';
import { sloPageView } from '@/lib/slo/page/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary:
    'One objective: budget, burn, forecast and how each is computed, groups, ledger and earlier definitions.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ slo: Slug }),
  query: z.object({
    environment: z.optional(Slug),
    exclusions: z.enum(['on', 'off']).default('on').describe('off counts what was excluded too'),
    group: z.optional(GroupKey),
  }),
  output: SloPage,
  handler: ({ actor, params, query }) => sloPageView(config(), { ...params, ...query }, actor),
});
