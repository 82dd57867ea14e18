import * as z from 'zod/mini';
import { readingReasons } from '@/lib/core/reading';
import { LogLine } from '@/lib/logs/contract';

/**
 * Events of GET /api/v1/live, one stream per browser. `changed` names what to fetch again; the browser never
 * takes figures from it. `tail` carries the lines of one log tail (its id is chosen by the browser).
 */
export const LiveEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), at: z.iso.datetime() }),
  z.object({
    type: z.literal('changed'),
    topic: z.enum(['cluster', 'change', 'plan', 'audit', 'status', 'account', 'alerts']),
    key: z.string().check(z.describe('cluster: <cluster>/<namespace>; change: c-214; plan: its id')),
  }),
  z.object({
    type: z.literal('sources'),
    sources: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(['prometheus', 'alertmanager', 'loki', 'cluster', 'database']),
        state: z.enum(['fresh', 'late', 'failing']),
        observedAt: z.nullable(z.iso.datetime()),
        reason: z.nullable(z.enum(readingReasons)),
        detail: z.nullable(z.string()),
      }),
    ),
  }),
  z.object({ type: z.literal('tail'), tail: z.string(), lines: z.array(LogLine), dropped: z.int() }),
  z.object({ type: z.literal('tail-ended'), tail: z.string(), message: z.string() }),
]);
export type LiveEvent = z.infer<typeof LiveEvent>;

/** Query of the stream: `tails` is a JSON list of {id, query}. The browser's leader tab reopens it when the set changes. */
export const TailRequest = z.object({
  id: z.string().check(z.minLength(1), z.maxLength(60)),
  query: z.string().check(z.minLength(1), z.maxLength(4000)),
});
export const LiveQuery = z.object({ tails: z.optional(z.string().check(z.maxLength(20_000))) });
