import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { GateQuery, GateView } from '@/lib/slo/gate/contract';
import { gateText } from '@/lib/slo/gate/gate-text';
import { gateView } from '@/lib/slo/gate/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary:
    'Whether the error budget lets a deploy of a service go its usual way, with the evidence. 200 whatever the answer: read open.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ service: Slug }),
  query: GateQuery,
  output: GateView,
  handler: async ({ params, query }) => {
    const gate = await gateView(config(), { ...params, ...query });
    return query.format === 'json' ? gate : new Response(gateText(gate), { headers: text });
  },
});

const text = { 'Content-Type': 'text/plain; charset=utf-8' };
