import { RequestedPlan, RequestPlan } from '@/lib/change/contract';
import { requestPlan } from '@/lib/change/plan/request-plan';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const POST = route({
  summary: 'Asks a worker for the plan of a change',
  audience: 'signed-in',
  tokens: 'plan',
  permission: 'change.plan',
  input: RequestPlan,
  output: RequestedPlan,
  status: 201,
  handler: ({ actor, input }) => requestPlan({ actor, config: config(), input }),
});
