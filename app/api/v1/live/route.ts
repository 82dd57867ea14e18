import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';
import { LiveQuery } from '@/lib/live/contract';
import { openStream } from '@/lib/live/open-stream';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'Server-sent events: what changed, the state of the sources, and log tails.',
  audience: 'signed-in',
  input: null,
  query: LiveQuery,
  output: null,
  handler: async ({ actor, query, signal }) =>
    openStream(config(), { person: actor, tails: query.tails, signal }),
});
