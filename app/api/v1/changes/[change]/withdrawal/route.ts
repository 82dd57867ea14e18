import { ChangeParams, CommandDone, SteerChange } from '@/lib/change/contract';
import { withdrawSignOff } from '@/lib/change/withdraw-sign-off';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const POST = route({
  summary: 'Takes a sign-off back',
  audience: 'signed-in',
  input: SteerChange,
  params: ChangeParams,
  output: CommandDone,
  handler: async ({ actor, params, input }) => {
    await withdrawSignOff({ actor, config: config(), id: params.change, reason: input.reason });
    return { id: params.change };
  },
});
