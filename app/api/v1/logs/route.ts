import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';
import { LogResult, LogSearch } from '@/lib/logs/contract';
import { logsView } from '@/lib/logs/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'Log lines of a form or a LogQL query over a range, with their volume by level.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  query: LogSearch,
  output: LogResult,
  handler: ({ query, signal }) => logsView(config(), query, signal),
});
