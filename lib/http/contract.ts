import * as z from 'zod/mini';
import { opsErrorCodes } from '@/lib/core/errors';

/** Every error of the API (RFC 9457, application/problem+json). */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().check(z.describe('What was blocked and why')),
  code: z.enum(opsErrorCodes),
  next: z.optional(z.string()).check(z.describe('What to do about it')),
  fields: z.array(z.object({ path: z.string(), message: z.string() })),
  retryable: z.boolean(),
  requestId: z.string().check(z.describe('Finds the request in the logs')),
});
export type Problem = z.infer<typeof Problem>;
