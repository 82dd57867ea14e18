import { z } from 'zod';
import { auditResults } from './actions';

const Scalar = z.union([z.string(), z.boolean(), z.int()]);
/** RFC 3339 in UTC with milliseconds, the only form of a time in an entry. */
const At = z.iso.datetime({ precision: 3 });

/** The body of an entry as it is hashed: what `stage` writes and the verifier reads back. */
export const AuditBody = z.strictObject({
  v: z.literal(1),
  /** `stage` writes those of actions.ts only; a reader must get on with those of a newer version. */
  action: z.string(),
  at: At,
  producer: z.string(),
  boot: z.uuid(),
  n: z.int().min(0),
  actor: z.strictObject({
    kind: z.enum(['person', 'pipeline', 'worker', 'cli', 'anonymous']),
    id: z.string(),
    name: z.string(),
    roles: z.array(z.string()).optional(),
    session: z
      .string()
      .optional()
      .describe('SHA-256 of the session id, shortened: links entries of one sign-in'),
  }),
  target: z.string(),
  change: z.int().optional(),
  result: z.enum(auditResults),
  reason: z.string().optional(),
  details: z.record(z.string(), Scalar),
  planHash: z.string().optional(),
  requestId: z.string().optional(),
});
export type AuditBody = z.infer<typeof AuditBody>;

/** Reads a body; null when it is not the text of an entry. */
export function parseBody(text: string): AuditBody | null {
  try {
    return AuditBody.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** The columns beside the body, derived from it for searching. The verifier derives them again. */
export type Derived = Pick<AuditBody, 'action' | 'target' | 'result'> & {
  occurredAt: string;
  actorId: string;
  actorName: string;
  change: number | null;
};

export const derive = (body: AuditBody): Derived => ({
  occurredAt: body.at,
  action: body.action,
  actorId: body.actor.id,
  actorName: body.actor.name,
  target: body.target,
  change: body.change ?? null,
  result: body.result,
});
