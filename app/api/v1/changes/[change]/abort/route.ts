import { ChangeParams, CommandDone, SteerChange } from '@/lib/change/contract';
import { abortChange } from '@/lib/change/steer-change';

import { route } from '@/lib/http/route';

export const POST = route({
  summary: 'Goes back to the last known good version',
  audience: 'signed-in',
  input: SteerChange,
  params: ChangeParams,
  output: CommandDone,
  handler: async ({ actor, params, input }) => {
    await abortChange({ actor, id: params.change, reason: input.reason });
    return { id: params.change };
  },
});
