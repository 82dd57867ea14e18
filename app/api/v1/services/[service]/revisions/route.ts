import { z } from 'zod';
import { RevisionList } from '@/lib/change/contract';
import { listRevisions } from '@/lib/change/list-revisions';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary:
    'The revisions of a workload that the cluster still has, newest first, and which is the last known good.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ service: Slug }),
  query: z.object({ environment: Slug, region: Slug }),
  output: RevisionList,
  handler: async ({ params, query }) => listRevisions(config(), { ...params, ...query }),
});
