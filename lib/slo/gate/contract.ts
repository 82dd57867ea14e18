import * as z from 'zod/mini';
import { roles } from '@/lib/access/model';
import { Slug } from '@/lib/core/ids';
import { sloWords } from '../math/word';
import { dataStates } from '../model';
import { gateActions, gateBases, gateVerdicts } from './model';

const At = z.iso.datetime();
const RoleList = z.array(z.enum(roles));

/** What one objective says, with its figures and their age. */
export const GateObjectiveView = z.object({
  id: Slug,
  name: z.string(),
  objective: z.string().check(z.describe('Per cent as decimal text')),
  window: z.string().check(z.describe('"30 d" or "calendar month, Europe/Berlin"')),
  budgetLeft: z
    .nullable(z.number())
    .check(z.describe('Share of the budget left; may be negative; null: not known')),
  state: z.enum(dataStates),
  coverage: z.number().check(z.describe('Share of the window that is known, 0-1')),
  word: z.enum(sloWords),
  asOf: z.nullable(At).check(z.describe('The moment the figures stand for; null: nothing is recorded')),
  away: z.nullable(z.string()).check(z.describe('Who keeps the newest counts away; null: nobody')),
  verdict: z.enum(gateVerdicts),
  unknown: z.nullable(z.string()).check(z.describe('Why the budget counts as unknown; null: it is known')),
  below: z.nullable(z.string()).check(z.describe('The lowest level it fell below, per cent; null: none')),
  signOffs: RoleList,
  sentence: z.string(),
});
export type GateObjectiveView = z.infer<typeof GateObjectiveView>;

/** GET /api/v1/services/{service}/gate: always 200 when the question can be answered, whatever the answer. */
export const GateView = z.object({
  open: z
    .boolean()
    .check(z.describe('Yes or no: true only when the change needs nothing beyond the usual sign-offs')),
  verdict: z.enum(gateVerdicts),
  basis: z.enum(gateBases).check(z.describe('What the verdict rests on, or why no budget was asked')),
  service: Slug,
  serviceName: z.string(),
  environment: Slug,
  action: z.enum(gateActions),
  policy: z.nullable(Slug).check(z.describe('The policy that covers such a change there; null: none does')),
  usualSignOffs: RoleList,
  signOffs: RoleList.check(z.describe('Roles that must sign beside the usual ones')),
  sentence: z.string().check(z.describe('What holds and why')),
  reason: z.string().check(z.describe('Only why')),
  next: z.nullable(z.string()).check(z.describe('What to do; null when nothing is in the way')),
  objectives: z.array(GateObjectiveView).check(z.describe('Strictest first')),
  at: At.check(z.describe('When it was answered')),
  href: z.string().check(z.describe('The page that shows why, relative to the console')),
});
export type GateView = z.infer<typeof GateView>;

/** `format=text` answers in lines for a terminal; the first is the verdict. */
export const GateQuery = z.object({
  environment: z.optional(Slug),
  action: z._default(z.enum(gateActions), 'deploy'),
  format: z._default(z.enum(['json', 'text']), 'json'),
});
export type GateQuery = z.infer<typeof GateQuery>;
