import { ChangeParams, CommandDone, ReviewChange } from '@/lib/change/contract';
import { reviewChange } from '@/lib/change/review/review-change';
import { route } from '@/lib/http/route';

export const POST = route({
  summary: 'Records that a lead has looked at a way back that one person ordered.',
  audience: 'signed-in',
  input: ReviewChange,
  params: ChangeParams,
  output: CommandDone,
  handler: async ({ actor, params, input }) => {
    await reviewChange({ actor, id: params.change, note: input.note });
    return { id: params.change };
  },
});
