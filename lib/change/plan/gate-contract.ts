import * as z from 'zod/mini';
import { roles } from '@/lib/access/model';
import { ChangeId, Slug } from '@/lib/core/ids';
import { gateVerdicts } from '@/lib/slo/gate/model';

const At = z.iso.datetime();

/** What the error budget said when the plan was made: who signs because of it, and on which figures. It is signed too. */
export const PlanGate = z.object({
  verdict: z.enum(gateVerdicts),
  signOffs: z
    .array(z.enum(roles))
    .check(z.describe('Roles that sign because of the budget, beside the usual ones')),
  sentence: z.string(),
  at: At.check(z.describe('When the budgets were read')),
  objectives: z.array(
    z.object({
      id: Slug,
      verdict: z.enum(gateVerdicts),
      left: z.nullable(z.string()).check(z.describe('"24.9 %" of the budget; null: not known')),
      isUnknown: z.optional(z.literal(true)).check(z.describe('Nobody vouches for the figure')),
      asOf: z.nullable(At).check(z.describe('The moment the figures stand for; null: nothing is recorded')),
      sentence: z.string(),
    }),
  ),
});
export type PlanGate = z.infer<typeof PlanGate>;

/** A change that puts back what ran before. The error budget never holds it up. */
export const GoesBack = z.object({
  reverts: z.nullable(ChangeId).check(z.describe('The oldest change that it undoes; null: none is recorded')),
  sentence: z.string(),
});
export type GoesBack = z.infer<typeof GoesBack>;
