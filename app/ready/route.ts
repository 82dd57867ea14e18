import { config } from '@/lib/config/load';
import { now } from '@/lib/core/time';
import { viewReadiness } from '@/lib/http/readiness';
import { route } from '@/lib/http/route';
import { routerState } from '@/lib/service/router-state';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'Readiness of the web process, with its checks',
  audience: 'public',
  input: null,
  output: null,
  handler: async () => {
    const readiness = await viewReadiness(now(), routerState(config()));
    return Response.json(readiness, { status: readiness.status === 'ready' ? 200 : 503 });
  },
});
