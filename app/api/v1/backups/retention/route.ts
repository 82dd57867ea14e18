import { z } from 'zod';
import { RetentionList } from '@/lib/backup/retention/contract';
import { retentionView } from '@/lib/backup/retention/view';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'Which copies of databases stay and which leave, each with its reason.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  query: z.object({ environment: z.optional(Slug) }),
  output: RetentionList,
  handler: ({ query, actor }) => retentionView(config(), query.environment, actor),
});
