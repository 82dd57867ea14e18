import { z } from 'zod';
import { RequestDrill, RequestedDrill } from '@/lib/backup/drill/contract';
import { requestDrill } from '@/lib/backup/drill/request-drill';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const POST = route({
  summary: 'Asks for a drill: a worker restores a good copy on the scratch server and measures each phase.',
  audience: 'signed-in',
  permission: 'backup.drill',
  input: RequestDrill,
  params: z.object({ database: Slug }),
  output: RequestedDrill,
  handler: ({ actor, params, input, requestId }) =>
    requestDrill({ actor, config: config(), database: params.database, input, requestId }),
});
