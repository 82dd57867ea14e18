import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';
import { PublishMessage, StatusMessageView } from '@/lib/status/contract';
import { publishMessage } from '@/lib/status/publish-message';

export const dynamic = 'force-dynamic';

export const POST = route({
  summary: 'Publishes a message on the public status page.',
  audience: 'signed-in',
  input: PublishMessage,
  output: StatusMessageView,
  status: 201,
  handler: ({ actor, input, requestId }) => publishMessage({ actor, config: config(), input, requestId }),
});
