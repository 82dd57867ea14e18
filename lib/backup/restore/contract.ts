import * as z from 'zod/mini';
import { ChangeId, Slug } from '@/lib/core/ids';
import { setAsideKinds, setAsideStates } from './model';

const At = z.iso.datetime();

/** A database that a restore took away and kept, at the server of the database that it belongs to. */
export const SetAsideView = z.object({
  id: z.uuid(),
  database: Slug,
  serverName: z.string().check(z.describe('As it is called at the server now')),
  change: ChangeId.check(z.describe('The restore that set it aside')),
  kind: z
    .enum(setAsideKinds)
    .check(
      z.describe('replaced: what was there before the restore; taken-back: what was restored and taken back'),
    ),
  setAsideAt: At,
  dropAfter: At.check(z.describe('It is kept until then')),
  state: z.enum(setAsideStates),
  droppedAt: z.nullable(At),
  sentence: z.nullable(z.string()).check(z.describe('Why it is still there after its time')),
});
export type SetAsideView = z.infer<typeof SetAsideView>;
