import type { ChangeRecord, RecordFormat } from './record-contract';
import { recordText } from './record-text';

/** A record as a file to keep: `deployment-record-c-214.json`, `.md`. */
export function recordFile(record: ChangeRecord, format: RecordFormat): Response {
  const [text, type, end] =
    format === 'text'
      ? [recordText(record), 'text/markdown', 'md']
      : [`${JSON.stringify(record, null, 2)}\n`, 'application/json', 'json'];
  return new Response(text, {
    headers: {
      'Content-Type': `${type}; charset=utf-8`,
      'Content-Disposition': `attachment; filename="deployment-record-${record.id}.${end}"`,
    },
  });
}
