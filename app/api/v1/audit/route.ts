import { AuditList, AuditQuery } from '@/lib/audit/contract';
import { viewAudit } from '@/lib/audit/view';
import { route } from '@/lib/http/route';

export const GET = route({
  summary: 'Entries of the audit log, newest first',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  query: AuditQuery,
  output: AuditList,
  handler: ({ query }) => viewAudit(query),
});
