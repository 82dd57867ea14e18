import { z } from 'zod';
import { CopiesLetGo, LetCopiesGo } from '@/lib/backup/retention/contract';
import { letCopiesGo } from '@/lib/backup/retention/let-copies-go';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const POST = route({
  summary: 'Lets the copies go that retention holds back because they are many; their grace still follows.',
  audience: 'signed-in',
  permission: 'backup.let_go',
  input: LetCopiesGo,
  params: z.object({ database: Slug }),
  output: CopiesLetGo,
  handler: ({ actor, params, input, requestId }) =>
    letCopiesGo({ actor, config: config(), database: params.database, input, requestId }),
});
