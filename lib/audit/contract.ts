import * as z from 'zod/mini';
import { ChangeId } from '@/lib/core/ids';
import { auditResults } from './actions';

const At = z.iso.datetime();
const Seq = z.int().check(z.minimum(0), z.describe('Position in the log, dense from 0'));

/** One entry of the audit log as people read it. Hashes are hex. */
export const AuditRow = z.object({
  seq: Seq,
  at: At,
  actor: z.object({
    kind: z.enum(['person', 'pipeline', 'worker', 'cli', 'anonymous']),
    id: z.string(),
    name: z.string(),
  }),
  via: z.string().check(z.describe('The process that wrote it: web, worker or cli')),
  action: z.string(),
  target: z.string(),
  change: z.nullable(z.string()).check(z.describe('c-214')),
  result: z.enum(auditResults),
  reason: z.nullable(z.string()),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  leaf: z.string(),
  previousLeaf: z.nullable(z.string()),
});
export type AuditRow = z.infer<typeof AuditRow>;

/** Query of GET /api/v1/audit: newest first; `before` is the `next` of the page before. */
export const AuditQuery = z.object({
  actor: z.optional(z.string().check(z.maxLength(200))).check(z.describe('Part of the name, or the id')),
  action: z
    .optional(z.string().check(z.maxLength(60)))
    .check(z.describe('An action, or an entity such as `change`')),
  target: z.optional(z.string().check(z.maxLength(300))).check(z.describe('Part of the target')),
  change: z.optional(ChangeId),
  from: z.optional(At),
  to: z.optional(At),
  before: z.optional(z.coerce.number().check(z.int(), z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER))),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(200)), 50),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

/** GET /api/v1/audit. `next` is null on the last page; `size` counts all entries of the log. */
export const AuditList = z.object({ entries: z.array(AuditRow), next: z.nullable(Seq), size: z.int() });
export type AuditList = z.infer<typeof AuditList>;

/** GET /api/v1/audit/verification. `verifiedTo` is the last entry that verifies; null when none does. */
export const AuditVerification = z.object({
  state: z.enum(['verified', 'broken', 'empty']),
  verifiedTo: z.nullable(Seq),
  size: z.int(),
  checkedAt: At,
  firstBroken: z.nullable(z.object({ seq: Seq, what: z.string() })),
});
export type AuditVerification = z.infer<typeof AuditVerification>;

/** Query of GET /api/v1/audit/export. */
export const AuditExportQuery = z.extend(z.omit(AuditQuery, { before: true, limit: true }), {
  format: z._default(z.enum(['csv', 'jsonl']), 'csv'),
});
export type AuditExportQuery = z.infer<typeof AuditExportQuery>;
