import { ChangeParams, CommandDone, SteerChange } from '@/lib/change/contract';
import { startChange } from '@/lib/change/start-change';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const POST = route({
  summary: 'Starts an approved change',
  audience: 'signed-in',
  input: SteerChange,
  params: ChangeParams,
  output: CommandDone,
  handler: async ({ actor, params, input }) => {
    await startChange({ actor, config: config(), id: params.change, reason: input.reason });
    return { id: params.change };
  },
});
