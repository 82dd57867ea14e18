import { ChangeParams, CommandDone, RejectChange } from '@/lib/change/contract';
import { rejectChange } from '@/lib/change/reject-change';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const POST = route({
  summary: 'Rejects a change in one role, which ends it',
  audience: 'signed-in',
  input: RejectChange,
  params: ChangeParams,
  output: CommandDone,
  handler: async ({ actor, params, input }) => {
    await rejectChange({ actor, config: config(), id: params.change, input });
    return { id: params.change };
  },
});
