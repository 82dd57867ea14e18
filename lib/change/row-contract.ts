import * as z from 'zod/mini';
import { changeKinds } from '@/lib/core/change-kind';
import { ChangeId, Slug } from '@/lib/core/ids';
import { changeStates } from './model';

const At = z.iso.datetime();

/**
 * A row of the list of changes, the overview and the approvals inbox. Apart from the other contracts of changes,
 * since the overview loads it and they are three times its size.
 */
export const ChangeRow = z.object({
  id: ChangeId,
  kind: z.enum(changeKinds),
  service: Slug,
  serviceName: z.string(),
  environment: Slug,
  region: Slug,
  regions: z.optional(z.array(Slug)).check(z.describe('Of a change of several regions: all, in order')),
  title: z.string().check(z.describe('Deploy Architect Dashboard API v3.1.0 → v3.2.0')),
  fromVersion: z.string(),
  toVersion: z.string(),
  state: z.enum(changeStates),
  stateSince: At,
  backingOut: z.boolean(),
  sentence: z.string().check(z.describe('What it does or waits for now, in one sentence')),
  requesterName: z.string(),
  createdAt: At,
  finishedAt: z.nullable(At),
  expiresAt: z.nullable(At).check(z.describe('When the review or the queue place ends')),
  signed: z.int(),
  needed: z.int(),
  stepsDone: z.int(),
  stepsAll: z.int(),
});
export type ChangeRow = z.infer<typeof ChangeRow>;

/** A way back that one person ordered alone, and that no lead has looked at. */
export const ReviewRow = z.extend(ChangeRow, {
  dueAt: At,
  isOverdue: z.boolean(),
  orderedBy: z.nullable(z.string()),
  refusal: z.nullable(z.string()).check(z.describe('Why you cannot review it; null: you can')),
});
