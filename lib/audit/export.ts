import 'server-only';
import type { Caller } from '@/lib/access/model';
import { type Database, database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import type { AuditExportQuery, AuditRow } from './contract';
import { csvHeader, csvRow } from './csv';
import { type AuditFilter, countEntries, listEntries } from './list';
import { stage } from './stage';

const PAGE = 500;
export type ExportContext = { actor: Caller; requestId?: string; signal?: AbortSignal; db?: Database };

/**
 * The filtered log as one file, oldest first, written while it is read. Reading it out is itself recorded before
 * the first byte leaves.
 */
export async function exportAudit(
  context: ExportContext,
  query: AuditExportQuery,
): Promise<ReadableStream<Uint8Array>> {
  const { actor, requestId, signal, db = database() } = context;
  const { format, ...filter } = query;
  const set = Object.entries(filter).filter(([, value]) => value !== undefined && value !== '');
  const count = await countEntries(db, filter);
  await transaction(
    (tx) =>
      stage(tx, {
        action: 'audit.exported',
        actor,
        target: 'audit:log',
        result: 'ok',
        requestId,
        details: {
          format,
          entries: count,
          filter: new URLSearchParams(set.map(([key, value]) => [key, String(value)]))
            .toString()
            .slice(0, 500),
        },
      }),
    db,
  );
  return streamOf(lines(db, filter, format, signal));
}

async function* lines(
  db: Database,
  filter: AuditFilter,
  format: 'csv' | 'jsonl',
  signal: AbortSignal | undefined,
) {
  if (format === 'csv') yield csvHeader();
  const write = format === 'csv' ? csvRow : jsonLine;
  for (let since = 0; !signal?.aborted; ) {
    const page = await listEntries(db, filter, { since, limit: PAGE });
    if (page.length > 0) yield page.map(write).join('');
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return;
    since = last.seq + 1;
  }
}

const jsonLine = (row: AuditRow): string => `${JSON.stringify(row)}\n`;

/** Reads on only when the client has taken what there is. */
function streamOf(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = await texts.next();
      if (part.done) controller.close();
      else controller.enqueue(encoder.encode(part.value));
    },
    cancel: async () => {
      await texts.return(undefined);
    },
  });
}
