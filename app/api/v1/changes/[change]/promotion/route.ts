import { ChangeParams, CommandDone, PromoteChange } from '@/lib/change/contract';
import { promoteChange } from '@/lib/change/promote-change';
import { route } from '@/lib/http/route';

export const POST = route({
  summary: 'Goes on with the next step before the hold of the current one is over',
  audience: 'signed-in',
  input: PromoteChange,
  params: ChangeParams,
  output: CommandDone,
  handler: async ({ actor, params, input }) => {
    await promoteChange({ actor, id: params.change, input });
    return { id: params.change };
  },
});
