import { ChangeParams, ChangeView } from '@/lib/change/contract';
import { viewChange } from '@/lib/change/view-change';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const GET = route({
  summary: 'A change with its plan, sign-offs and execution',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: ChangeParams,
  output: ChangeView,
  handler: ({ actor, params }) => viewChange({ actor, config: config(), id: params.change }),
});
