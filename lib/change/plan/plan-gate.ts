import 'server-only';
import * as z from 'zod/mini';
import type { Config } from '@/lib/config/schema';
import type { ChangeKind } from '@/lib/core/change-kind';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { leftText } from '@/lib/slo/gate/left-text';
import { type GateKind, gateKinds } from '@/lib/slo/gate/model';
import { readGate } from '@/lib/slo/gate/read-gate';
import { DeployPlan, type Precheck } from '../contract';
import type { GoesBack, PlanGate } from './gate-contract';
import { goingBack, type Past, type Wanted } from './going-back';

type Input = { service: string; environment: string; kind: ChangeKind };
/** What a change means to put out in one region, and what runs there. */
export type WantedIn = { region: string; wanted: Wanted };

/** What of a plan tells the way that a place came. */
const PastPlan = z.pick(DeployPlan, { from: true, to: true, goesBack: true });

/** Far more than anybody goes back through. */
const changesKnown = 50;

const movesVersions = ['deploy', 'rollback', 'shift'] satisfies ChangeKind[];

/**
 * Whether a change puts back what ran before in each of its regions; in one alone it still brings something new to
 * the others. A rollback does, whatever is recorded; the kinds that are not deploy, shift or rollback bring no version.
 * The sentence speaks of the first region.
 */
export async function readGoingBack(
  db: DatabaseOrTransaction,
  input: Input,
  regions: readonly [WantedIn, ...WantedIn[]],
): Promise<GoesBack | null> {
  if (!movesVersions.some((kind) => kind === input.kind)) return null;
  const found = await Promise.all(
    regions.map(async ({ region, wanted }) => goingBack(await pastOf(db, input, region), wanted)),
  );
  const first = found[0] ?? null;
  if (input.kind !== 'rollback') return found.includes(null) ? null : first;
  const { version } = regions[0].wanted;
  return first ?? { reverts: null, sentence: `Puts back an earlier revision with ${version}.` };
}

/** The changes that succeeded in a region, oldest first. One over several regions stands in the list of each. */
async function pastOf(
  db: DatabaseOrTransaction,
  { service, environment }: Input,
  region: string,
): Promise<Past[]> {
  const rows = await db.change.findMany({
    where: {
      service,
      environment,
      state: 'Succeeded',
      kind: { in: movesVersions },
      OR: [{ region }, { plan: { path: ['staged', 'regions'], array_contains: [region] } }],
    },
    orderBy: { number: 'desc' },
    take: changesKnown,
    select: { number: true, plan: true },
  });
  return rows.toReversed().map(({ number, plan }) => ({ number, plan: PastPlan.parse(plan) }));
}

/** Null: the kind gives no version more requests, or goes back by what it is. */
const gateKindOf = (kind: ChangeKind): GateKind | null => gateKinds.find((one) => one === kind) ?? null;

/** What the error budget says of a deploy or a shift now, as a plan keeps it; null where no policy asks it. */
export async function readPlanGate(
  db: DatabaseOrTransaction,
  config: Config,
  input: Input,
  goesBack: GoesBack | null,
): Promise<PlanGate | null> {
  const kind = gateKindOf(input.kind);
  if (kind === null) return null;
  const gate = await readGate(db, config, input, { kind, goesBack: goesBack !== null });
  if (gate === null) return null;
  const { verdict, signOffs, sentence, at, objectives } = gate;
  return {
    verdict,
    signOffs,
    sentence: goesBack === null ? sentence : `${goesBack.sentence} ${sentence}`,
    at: at.toISOString(),
    objectives: objectives.map(({ id, budgetLeft, asOf, ...one }) => ({
      id,
      verdict: one.verdict,
      left: budgetLeft === null ? null : leftText(budgetLeft, one.below),
      ...(one.unknown === null ? {} : { isUnknown: true as const }),
      asOf,
      sentence: one.sentence,
    })),
  };
}

const results = { open: 'pass', 'sign-offs': 'warn', closed: 'fail' } as const;

/**
 * The gate among the checks of a plan: what it says, on which figures, and how old they are. A budget that may pass
 * although nobody knows it is a warning.
 */
export function gateCheck({ verdict, sentence, objectives }: PlanGate): Precheck {
  const isBlind = verdict === 'open' && objectives.some(({ isUnknown }) => isUnknown === true);
  const ages = objectives.map(({ asOf }) => asOf).filter((asOf) => asOf !== null);
  const oldest = ages.toSorted()[0];
  const age = oldest === undefined ? '' : ` Figures as of ${oldest.slice(0, 16).replace('T', ' ')} UTC.`;
  const way = verdict === 'closed' ? ' Going back to a version that ran before is never refused.' : '';
  const result = isBlind ? 'warn' : results[verdict];
  return { id: 'gate', title: 'Error budget', result, detail: `${sentence}${age}${way}` };
}

/**
 * Why a change may not go on with the sign-offs that its plan has, by the budgets of now; null when it may. Going
 * back is never held up.
 */
export async function gateProblem(
  db: DatabaseOrTransaction,
  config: Config,
  plan: DeployPlan,
): Promise<string | null> {
  const kind = gateKindOf(plan.kind);
  if (kind === null || plan.goesBack !== undefined) return null;
  const gate = await readGate(db, config, plan, { kind, goesBack: false });
  if (gate === null || gate.verdict === 'open') return null;
  if (gate.verdict === 'closed') return gate.sentence;
  const more = gate.signOffs.filter((role) => !plan.policy.signOffs.includes(role));
  return more.length === 0
    ? null
    : `The plan was made before the error budget asked for it. ${gate.sentence}`;
}

/** The sign-offs of a plan that the policy itself asks for. */
export const usualSignOffs = ({ policy, gate }: DeployPlan) =>
  policy.signOffs.filter((role) => gate === undefined || !gate.signOffs.includes(role));
