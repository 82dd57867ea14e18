import { ChangeParams, CommandDone, SteerChange } from '@/lib/change/contract';
import { pauseChange } from '@/lib/change/steer-change';

import { route } from '@/lib/http/route';

export const POST = route({
  summary: 'Halts a rollout where it is',
  audience: 'signed-in',
  input: SteerChange,
  params: ChangeParams,
  output: CommandDone,
  handler: async ({ actor, params, input }) => {
    await pauseChange({ actor, id: params.change, reason: input.reason });
    return { id: params.change };
  },
});
