import { registry } from '@/lib/core/metrics';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'Metrics of the web process in the Prometheus text format',
  audience: 'public',
  input: null,
  output: null,
  handler: async () =>
    new Response(await registry().metrics(), { headers: { 'Content-Type': registry().contentType } }),
});
