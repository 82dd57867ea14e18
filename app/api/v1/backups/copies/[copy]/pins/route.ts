import { z } from 'zod';
import { PinCopy, PinnedCopy } from '@/lib/backup/retention/contract';
import { pinCopy } from '@/lib/backup/retention/pin-copy';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const POST = route({
  summary: 'Holds a copy whatever retention says, with a reason.',
  audience: 'signed-in',
  permission: 'backup.pin',
  input: PinCopy,
  params: z.object({ copy: z.uuid() }),
  output: PinnedCopy,
  handler: ({ actor, params, input, requestId }) => pinCopy({ actor, copy: params.copy, input, requestId }),
});
