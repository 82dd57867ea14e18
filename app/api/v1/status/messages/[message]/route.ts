import { z } from 'zod';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';
import { StatusMessageView, UpdateMessage } from '@/lib/status/contract';
import { updateMessage } from '@/lib/status/update-message';

export const dynamic = 'force-dynamic';

export const POST = route({
  summary: 'Adds an update to a message on the public status page; resolved is final.',
  audience: 'signed-in',
  input: UpdateMessage,
  params: z.object({ message: z.uuid() }),
  output: StatusMessageView,
  handler: ({ actor, params, input, requestId }) =>
    updateMessage({ actor, config: config(), id: params.message, input, requestId }),
});
