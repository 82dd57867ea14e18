import { ChangeParams, CommandDone, SignChange } from '@/lib/change/contract';
import { signChange } from '@/lib/change/sign-change';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const POST = route({
  summary: 'Signs a change off in one role',
  audience: 'signed-in',
  input: SignChange,
  params: ChangeParams,
  output: CommandDone,
  handler: async ({ actor, params, input }) => {
    await signChange({ actor, config: config(), id: params.change, input });
    return { id: params.change };
  },
});
