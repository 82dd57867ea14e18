import { z } from 'zod';
import { now } from '@/lib/core/time';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

/** The process runs; says nothing about what it depends on (HLT-06). */
export const GET = route({
  summary: 'Liveness of the web process',
  audience: 'public',
  input: null,
  output: z.object({ status: z.literal('ok'), checks: z.object({}), timestamp: z.number() }),
  handler: async () => ({ status: 'ok', checks: {}, timestamp: now().getTime() / 1000 }),
});
