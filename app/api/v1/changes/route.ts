import { ChangeList, ChangeListQuery, RequestChange, RequestedChange } from '@/lib/change/contract';
import { listChanges } from '@/lib/change/list-changes';
import { requestChange } from '@/lib/change/request-change';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const GET = route({
  summary: 'Changes, newest first',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  query: ChangeListQuery,
  output: ChangeList,
  handler: ({ query }) => listChanges(config(), query),
});

export const POST = route({
  summary: 'Sends a plan for sign-off',
  audience: 'signed-in',
  tokens: 'plan',
  permission: 'change.plan',
  input: RequestChange,
  output: RequestedChange,
  status: 201,
  handler: ({ actor, input }) => requestChange({ actor, config: config(), input }),
});
