import { cancelChange } from '@/lib/change/cancel-change';
import { ChangeParams, CommandDone, SteerChange } from '@/lib/change/contract';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const POST = route({
  summary: 'Cancels a change before it starts',
  audience: 'signed-in',
  input: SteerChange,
  params: ChangeParams,
  output: CommandDone,
  handler: async ({ actor, params, input }) => {
    await cancelChange({ actor, config: config(), id: params.change, reason: input.reason });
    return { id: params.change };
  },
});
