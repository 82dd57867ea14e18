import { ChangeParams } from '@/lib/change/contract';
import { LogPage, LogQuery } from '@/lib/change/measured-contract';
import { viewLog } from '@/lib/change/view-log';
import { route } from '@/lib/http/route';

export const GET = route({
  summary: 'The log of a change, newest first',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: ChangeParams,
  query: LogQuery,
  output: LogPage,
  handler: ({ params, query }) => viewLog(params.change, query),
});
