import { z } from 'zod';

const Labels = z.record(z.string(), z.string());
const Time = z.string().transform((text, context) => {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) {
    context.addIssue({ code: 'custom', message: 'must be a time' });
    return z.NEVER;
  }
  return at;
});

/** GET /api/v2/alerts (W-02). `mutedBy` came with 0.28. */
export const Alert = z.object({
  fingerprint: z.string(),
  labels: Labels,
  annotations: Labels.default({}),
  startsAt: Time,
  endsAt: Time,
  generatorURL: z.string().optional(),
  status: z.object({
    state: z.enum(['unprocessed', 'active', 'suppressed']),
    silencedBy: z.array(z.string()).default([]),
    inhibitedBy: z.array(z.string()).default([]),
    mutedBy: z.array(z.string()).default([]),
  }),
});
export type Alert = z.infer<typeof Alert>;

/** GET /api/v2/silences (W-03); expired ones stay listed. */
export const Silence = z.object({
  id: z.string(),
  status: z.object({ state: z.enum(['expired', 'active', 'pending']) }),
  createdBy: z.string(),
  comment: z.string(),
  startsAt: Time,
  endsAt: Time,
});
export type Silence = z.infer<typeof Silence>;

/** Errors come as a bare JSON string, as {code, message}, or with an empty body. */
const ErrorText = z.union([
  z.string(),
  z.object({ message: z.string() }).transform(({ message }) => message),
]);

/** The server's own sentence in any of its three error shapes; undefined where it said nothing. */
export function errorText(body: string): string | undefined {
  if (body.trim() === '') return undefined;
  try {
    const parsed = ErrorText.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
