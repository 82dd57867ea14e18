import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { AdoptedPage } from '@/lib/slo/adopted/contract';
import { adoptedPage } from '@/lib/slo/adopted/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary:
    'One objective that other rules record: its figures, the rules, and what it would be in signalbox.yaml.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ adopted: z.string().regex(/^[0-9a-f]{16}$/) }),
  query: z.object({ environment: z.optional(Slug) }),
  output: AdoptedPage,
  handler: ({ params, query }) => adoptedPage(config(), { ...params, ...query }),
});
