import { z } from 'zod';
import { CopyDetail } from '@/lib/backup/contract';
import { copyDetail } from '@/lib/backup/view';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'One copy of a database: every look at it with its evidence, and what the tools said.',
  audience: 'signed-in',
  input: null,
  params: z.object({ copy: z.uuid() }),
  output: CopyDetail,
  handler: ({ params: { copy } }) => copyDetail(config(), copy),
});
