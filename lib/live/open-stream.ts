import 'server-only';
import { z } from 'zod';
import type { Person } from '@/lib/access/model';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { TailRequest } from './contract';
import { type LiveHub, liveHub } from './hub';

const maxTails = 5;

function parseTails(text: string | undefined): z.infer<typeof TailRequest>[] {
  if (text === undefined || text === '') return [];
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = null;
  }
  const parsed = z.array(TailRequest).max(maxTails).safeParse(json);
  if (parsed.success) return parsed.data;
  throw new OpsError('invalid', `The tails are not a list of at most ${maxTails} queries with an id.`, {
    next: 'Close a tail, or reload the page.',
    fields: [{ path: 'tails', message: 'must be a JSON list of {id, query}' }],
  });
}

/** The answer of the live route: a stream of server-sent events that ends with the request. */
export function openStream(
  config: Config,
  ask: { person: Person; tails: string | undefined; signal: AbortSignal },
  hub: LiveHub = liveHub(config),
): Response {
  const stream = hub.open(ask.person, parseTails(ask.tails));
  if (ask.signal.aborted) stream.close();
  else ask.signal.addEventListener('abort', () => stream.close(), { once: true });
  return new Response(stream.body, {
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    },
  });
}
