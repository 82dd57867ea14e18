import { z } from 'zod';
import { roles } from '@/lib/access/model';
import { Slug } from './scalars';

/** Per cent of a budget that is left: below 0 it is overspent, above 100 it can never be. */
const BudgetLeft = z
  .string()
  .superRefine((text, context) => {
    if (!/^-?\d{1,6}(\.\d{1,6})?$/.test(text)) {
      context.addIssue({ code: 'custom', message: 'must be per cent as decimal text, such as "25" or "0"' });
    } else if (Number(text) > 100) {
      context.addIssue({ code: 'custom', message: 'must be 100 or less: more than all is never left' });
    }
  })
  .describe('Per cent of the budget left, as decimal text in quotes such as "25"');

/** What happens while less than `below` is left. Of several levels that are reached each one holds. */
const BudgetLevel = z
  .strictObject({
    below: BudgetLeft,
    signOffs: z.array(z.enum(roles)).min(1).optional().describe('Roles that sign beside those of the policy'),
    refuse: z
      .literal(true)
      .optional()
      .describe('true: no deploy and no shift to another version, but always the way back'),
  })
  .superRefine(({ signOffs, refuse }, context) => {
    if ((signOffs === undefined) === (refuse === undefined)) {
      context.addIssue({ code: 'custom', message: 'the level needs exactly one of signOffs and refuse' });
    }
  });

/** `sign-off`: by every role that some level names. */
export const budgetAnswers = ['allow', 'sign-off', 'refuse'] as const;
export type BudgetAnswer = (typeof budgetAnswers)[number];

/** SLO-07: what the error budget has to say before a deploy or a traffic shift that the policy covers. Cross references are checked in budget-rules.ts. */
export const PolicyBudget = z.strictObject({
  slos: z
    .array(Slug)
    .min(1)
    .optional()
    .describe('Objectives that are asked; absent: each one of the service in that environment'),
  levels: z.array(BudgetLevel).min(1),
  unknown: z
    .enum(budgetAnswers)
    .optional()
    .describe(
      'What a budget that nobody knows does; absent: sign-off by every role of the levels, or refuse where none is named',
    ),
  burning: z
    .enum(budgetAnswers)
    .default('allow')
    .describe(
      'What a budget does that burns fast now (a page of its burn alerts would fire), however much is left',
    ),
});
export type PolicyBudget = z.infer<typeof PolicyBudget>;

/** Every role that some level asks for, each once. */
export const levelRoles = ({ levels }: PolicyBudget) => [
  ...new Set(levels.flatMap(({ signOffs }) => signOffs ?? [])),
];

/**
 * What an unknown budget does. It is never taken for a healthy one, and a recorder that is away must not stop the
 * deploy that mends things: so somebody takes it on with a name, as at the worst level that can be signed.
 */
export const unknownAnswer = (budget: PolicyBudget): BudgetAnswer =>
  budget.unknown ?? (levelRoles(budget).length > 0 ? 'sign-off' : 'refuse');
