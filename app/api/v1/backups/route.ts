import { z } from 'zod';
import { Backups } from '@/lib/backup/contract';
import { backupsView } from '@/lib/backup/view';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'Databases with their newest good copy, its level and age, what was missed and what comes next.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  query: z.object({ environment: z.optional(Slug) }),
  output: Backups,
  handler: ({ query }) => backupsView(config(), query.environment),
});
