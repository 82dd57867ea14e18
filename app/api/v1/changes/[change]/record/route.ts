import { ChangeParams } from '@/lib/change/contract';
import { readRecord } from '@/lib/change/history/read-record';
import { ChangeRecord, RecordQuery } from '@/lib/change/history/record-contract';
import { recordFile } from '@/lib/change/history/record-file';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'The deployment record of a change as a file: JSON, or Markdown with format=text.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: ChangeParams,
  query: RecordQuery,
  output: ChangeRecord,
  handler: async ({ params, query }) => recordFile(await readRecord(config(), params.change), query.format),
});
