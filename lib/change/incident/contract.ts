import * as z from 'zod/mini';

/** Runs while a change waits for its sign-offs or its start. */
export const IncidentView = z.object({
  what: z.string().check(z.describe('"the critical alert Down fires"')),
  since: z.iso.datetime(),
  endsApproval: z
    .boolean()
    .check(
      z.describe('Opened since the first sign-off: who signed did not know of it, so the start is refused'),
    ),
});
export type IncidentView = z.infer<typeof IncidentView>;
