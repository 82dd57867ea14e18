import { PlanParams, PlanView } from '@/lib/change/contract';
import { viewPlan } from '@/lib/change/plan/view-plan';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const GET = route({
  summary: 'A plan, its checks, and why it cannot be sent',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: PlanParams,
  output: PlanView,
  handler: ({ actor, params }) => viewPlan({ actor, config: config(), id: params.plan }),
});
