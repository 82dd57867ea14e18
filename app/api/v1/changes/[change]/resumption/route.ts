import { ChangeParams, CommandDone, SteerChange } from '@/lib/change/contract';
import { resumeChange } from '@/lib/change/steer-change';

import { route } from '@/lib/http/route';

export const POST = route({
  summary: 'Goes on after a pause or a hold',
  audience: 'signed-in',
  input: SteerChange,
  params: ChangeParams,
  output: CommandDone,
  handler: async ({ actor, params, input }) => {
    await resumeChange({ actor, id: params.change, reason: input.reason });
    return { id: params.change };
  },
});
