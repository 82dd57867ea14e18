import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { ServiceWorkloads } from '@/lib/service/workloads-contract';
import { serviceWorkloadsView } from '@/lib/service/workloads-view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'What the cluster runs for a service: workloads, pods and events.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ service: Slug }),
  query: z.object({ environment: z.optional(Slug), region: z.optional(Slug) }),
  output: ServiceWorkloads,
  handler: ({ params, query }) => serviceWorkloadsView(config(), { ...params, ...query }),
});
