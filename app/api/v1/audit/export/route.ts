import { AuditExportQuery } from '@/lib/audit/contract';
import { exportAudit } from '@/lib/audit/export';
import { now } from '@/lib/core/time';
import { route } from '@/lib/http/route';

export const GET = route({
  summary: 'The filtered audit log as CSV or JSON lines; the export is recorded',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  query: AuditExportQuery,
  output: null,
  handler: async ({ actor, query, requestId, signal }) => {
    const stream = await exportAudit({ actor, requestId, signal }, query);
    const csv = query.format === 'csv';
    return new Response(stream, {
      headers: {
        'Content-Type': csv ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8',
        'Content-Disposition': `attachment; filename="audit-${now().toISOString().slice(0, 10)}.${query.format}"`,
      },
    });
  },
});
