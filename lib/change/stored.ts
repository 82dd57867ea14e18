import { z } from 'zod';
import { Policy } from '@/lib/config/policy';
import type { Change as ChangeRecord } from '@/prisma/generated/client';
import { DeployPlan } from './contract';
import { type ChangeState, changeStates } from './model';
import { JsonObjectSchema } from './template';

const State = z.enum(changeStates);

/** `kind` of a hold decides who may end it; `since` is an instant of the database's clock. */
const OwnHold = z.object({
  kind: z.enum(['person', 'no-verdict', 'drift', 'refused', 'frozen']),
  sentence: z.string(),
  since: z.iso.datetime(),
});
export const Hold = OwnHold.extend({
  /** Of a frozen change: where it was, and what held it there. */
  before: z.object({ state: State, hold: OwnHold.nullable() }).optional(),
});
export type Hold = z.infer<typeof Hold>;

/** While a change goes back: why, and for whom the writes are made. At its end: how it ended. */
export const Outcome = z.object({
  sentence: z.string(),
  cause: z.enum(['abort', 'guard', 'deadline', 'max-hold', 'switch', 'refused']).optional(),
  by: z.object({ id: z.string(), name: z.string(), email: z.string() }).optional(),
  /** The regions whose failure sent it back. */
  regions: z.array(z.string()).optional(),
  /** At its end, of one that went back: the regions that keep the new version, as its plan says (`onFailure`). */
  kept: z.array(z.string()).optional(),
  /** A person said how it ended: nobody measured it. */
  stated: z.literal(true).optional(),
});
export type Outcome = z.infer<typeof Outcome>;

/** What the plan's policy said when the change was requested. */
export const PolicySnapshot = Policy.extend({ signOffTtl: z.number().optional() });

/** A change as the domain knows it: the row with its JSON columns parsed. */
export type StoredChange = Omit<ChangeRecord, 'plan' | 'policy' | 'state' | 'hold' | 'outcome'> & {
  plan: DeployPlan;
  policy: z.infer<typeof PolicySnapshot>;
  state: ChangeState;
  hold: Hold | null;
  outcome: Outcome | null;
};

/** Throws ZodError for a row that this version of the code did not write. */
export function parseChange(row: ChangeRecord): StoredChange {
  return {
    ...row,
    plan: DeployPlan.parse(row.plan),
    policy: PolicySnapshot.parse(row.policy),
    state: State.parse(row.state),
    hold: row.hold === null ? null : Hold.parse(row.hold),
    outcome: row.outcome === null ? null : Outcome.parse(row.outcome),
  };
}

/** Where the new version of a change is once it has ended: everywhere, or where one that went back has left it. */
export const newVersionRegions = ({
  state,
  region,
  plan,
  outcome,
}: Pick<StoredChange, 'state' | 'region' | 'plan' | 'outcome'>): readonly string[] =>
  state === 'BackedOut' ? (outcome?.kept ?? []) : (plan.staged?.regions ?? [region]);

/** What an intent writes and compares: pod template and pause; replicas are only remembered unless the change sets them. */
export const Subset = z.object({
  template: JsonObjectSchema,
  paused: z.boolean(),
  replicas: z.int().optional(),
});
export type Subset = z.infer<typeof Subset>;
