import { z } from 'zod';

/** The envelope of a List once its items are taken out. */
export const ListEnvelope = z.object({
  metadata: z.object({
    resourceVersion: z.string(),
    continue: z.string().nullish(),
  }),
});

/** Loose, so that the object can still be projected by the schema of its kind. */
const Husk = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string(), uid: z.string().optional() }),
});
export const Status = z.object({
  kind: z.literal('Status').optional(),
  code: z.number().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
});

/** One line of a watch. A bookmark's object is a husk with nothing but a resourceVersion. */
export const WatchLine = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED']), object: Husk }),
  z.object({ type: z.literal('BOOKMARK'), object: Husk }),
  z.object({ type: z.literal('ERROR'), object: Status }),
]);
