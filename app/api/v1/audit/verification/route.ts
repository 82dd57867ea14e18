import { z } from 'zod';
import { AuditVerification } from '@/lib/audit/contract';
import { viewVerification } from '@/lib/audit/view';
import { database } from '@/lib/db/client';
import { route } from '@/lib/http/route';

export const GET = route({
  summary: 'To which entry the audit log verifies; `anew` reads the log again',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  query: z.object({ anew: z.optional(z.literal('true')) }),
  output: AuditVerification,
  handler: ({ query }) => viewVerification(database(), { anew: query.anew === 'true' }),
});
