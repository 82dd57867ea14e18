import { ChangeParams, CommandDone, StateOutcome } from '@/lib/change/contract';
import { stateOutcome } from '@/lib/change/state-outcome';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const POST = route({
  summary: 'Says how a change ended that the database no longer knows enough of.',
  audience: 'signed-in',
  input: StateOutcome,
  params: ChangeParams,
  output: CommandDone,
  handler: async ({ actor, params, input }) => {
    await stateOutcome({ actor, config: config(), id: params.change, ...input });
    return { id: params.change };
  },
});
