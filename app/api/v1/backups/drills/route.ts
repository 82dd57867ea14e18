import { z } from 'zod';
import { DrillList } from '@/lib/backup/drill/contract';
import { drillsView } from '@/lib/backup/drill/view';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary:
    'Rehearsed restores of databases: their phases, and how long a restore takes against the objective.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  query: z.object({ environment: z.optional(Slug) }),
  output: DrillList,
  handler: ({ query, actor }) => drillsView(config(), query.environment, actor),
});
