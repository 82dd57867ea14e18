import { z } from 'zod';
import { PinnedCopy, UnpinCopy } from '@/lib/backup/retention/contract';
import { unpinCopy } from '@/lib/backup/retention/pin-copy';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const POST = route({
  summary: 'Takes a pin off a copy; retention decides again.',
  audience: 'signed-in',
  permission: 'backup.pin',
  input: UnpinCopy,
  params: z.object({ copy: z.uuid() }),
  output: PinnedCopy,
  handler: ({ actor, params, input, requestId }) => unpinCopy({ actor, copy: params.copy, input, requestId }),
});
