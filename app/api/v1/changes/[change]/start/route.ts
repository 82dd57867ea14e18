import { ChangeParams, CommandDone, StartChange } from '@/lib/change/contract';
import { startChange } from '@/lib/change/start-change';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const POST = route({
  summary: 'Starts an approved change',
  audience: 'signed-in',
  input: StartChange,
  params: ChangeParams,
  output: CommandDone,
  handler: async ({ actor, params, input }) => {
    await startChange({ actor, config: config(), id: params.change, ...input });
    return { id: params.change };
  },
});
