import { ApprovalsView } from '@/lib/change/contract';
import { viewApprovals } from '@/lib/change/view-approvals';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const GET = route({
  summary: 'What waits for my sign-off, and what I asked for',
  audience: 'signed-in',
  input: null,
  output: ApprovalsView,
  handler: ({ actor }) => viewApprovals(actor, config()),
});
