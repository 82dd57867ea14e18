import { z } from 'zod';
import { ColourList } from '@/lib/change/contract';
import { listColours } from '@/lib/change/list-colours';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'Blue and green of a place: version, pods, and share of the requests.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ service: Slug }),
  query: z.object({ environment: Slug, region: Slug }),
  output: ColourList,
  handler: async ({ params, query }) => listColours(config(), { ...params, ...query }),
});
