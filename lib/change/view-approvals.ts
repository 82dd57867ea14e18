import 'server-only';
import type { Person } from '@/lib/access/model';
import type { Config } from '@/lib/config/schema';
import { type Database, database } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import type { ApprovalsView, DeployPlan } from './contract';
import type { Data } from './data/contract';
import { waitingStates } from './model';
import { openReview } from './review/open';
import { reviewRefusal } from './review/review-change';
import { gradeWords } from './revision/grade-words';
import { rowInclude, toRow } from './row';
import { signRolesOf } from './sign-roles';
import { isStaged, type StagedPlan } from './staged/staged-plan';
import { strategyNames } from './strategies';
import { podsWord, whatOf } from './words';

const SHOWN = 50;

/** What waits for this person, what this person asked for, and what was decided last. */
export async function viewApprovals(
  actor: Person,
  config: Config,
  db: Database = database(),
): Promise<ApprovalsView> {
  const read = async (where: Parameters<typeof db.change.findMany>[0] & object, take: number) =>
    (await db.change.findMany({ ...where, take, include: rowInclude })).map((record) =>
      toRow(config, record),
    );
  const [now, inReview, requested, toReview, decided] = await Promise.all([
    databaseNow(db),
    read({ where: { state: 'InReview' }, orderBy: { reviewExpiresAt: 'asc' } }, SHOWN),
    read(
      { where: { requesterId: actor.id, state: { in: [...waitingStates] } }, orderBy: { number: 'desc' } },
      SHOWN,
    ),
    read(
      {
        where: openReview,
        orderBy: { reviewDueAt: 'asc' },
      },
      SHOWN,
    ),
    read(
      {
        where: { OR: [{ approvedAt: { not: null } }, { state: { in: ['Rejected', 'Expired', 'Voided'] } }] },
        orderBy: { number: 'desc' },
      },
      5,
    ),
  ]);
  return {
    yours: inReview.flatMap(({ change, row, signed }) => {
      const roles = signRolesOf(change, signed, actor);
      return roles.length === 0 ? [] : [{ ...row, reason: change.reason, roles, risk: risks(change.plan) }];
    }),
    requested: requested.map(({ row }) => row),
    toReview: toReview.map(({ change, row }) => {
      const dueAt = change.reviewDueAt ?? change.createdAt;
      return {
        ...row,
        dueAt: dueAt.toISOString(),
        isOverdue: now >= dueAt,
        orderedBy: change.outcome?.by?.name ?? null,
        refusal: reviewRefusal(change, actor),
      };
    }),
    lastDecided: decided.map(({ row }) => row),
  };
}

/** What a signer should weigh, in few words. */
export function risks(plan: DeployPlan): string[] {
  if (isStaged(plan)) return stagedRisks(plan);
  if (plan.data !== undefined) return dataRisks(plan.environment, plan.data);
  const more = plan.kind === 'deploy' ? plan.diff.filter(({ path }) => !path.endsWith('.image')).length : 0;
  return [
    ...(plan.environment === 'production' ? ['Production'] : []),
    podsWord(plan.replicas),
    ...(plan.maxUnavailable === '0' ? [] : [`up to ${plan.maxUnavailable} unavailable`]),
    ...(whatOf(plan).undoIsKnownGood ? [] : ['never goes back by itself']),
    ...(plan.revision === undefined || plan.revision.grade === 'good'
      ? []
      : [`revision ${gradeWords(plan.revision.grade)}`]),
    ...(plan.gate === undefined || plan.gate.signOffs.length === 0 ? [] : ['asked for by the error budget']),
    ...(more === 0 ? [] : [`${more} more field${more === 1 ? '' : 's'} than the image`]),
  ];
}

/** Of a change of a database: what is lost, and what is not proven. */
function dataRisks(environment: string, data: Data): string[] {
  const where = environment === 'production' ? ['Production'] : [];
  if (data.do === 'backup') {
    return [...where, 'changes nothing that runs', ...(data.level === 4 ? [] : ['not proven by a restore'])];
  }
  if (data.do === 'restore') {
    return [
      ...where,
      `loses what was written since ${data.copy.snapshotAt.slice(0, 16).replace('T', ' ')} UTC`,
      'not available meanwhile',
      ...(data.safetyCopy ? [] : ['no safety copy']),
    ];
  }
  return [
    ...where,
    'cannot be undone',
    ...(data.transactionSince === null ? [] : ['rolls its transaction back']),
    ...(data.blocks.length === 0 ? [] : [`${data.blocks.length} wait for it`]),
  ];
}

/** Of a change in steps: the way, how many regions, pods that are short meanwhile, and what it may cost at worst. */
function stagedRisks(plan: StagedPlan): string[] {
  const { environment, staged, gate } = plan;
  const short = staged.capacity.some(({ need, lowest }) => lowest < need);
  const { ofRemaining } = staged.forecast;
  return [
    ...(environment === 'production' ? ['Production'] : []),
    strategyNames[staged.strategy],
    ...(staged.regions.length === 1 ? [] : [`${staged.regions.length} regions`]),
    ...(short ? ['fewer pods than needed meanwhile'] : []),
    ...(ofRemaining === null
      ? []
      : [`at worst ${(ofRemaining * 100).toFixed(1)} % of the budget that is left`]),
    ...(whatOf(plan).undoIsKnownGood ? [] : ['never goes back by itself']),
    ...(gate === undefined || gate.signOffs.length === 0 ? [] : ['asked for by the error budget']),
  ];
}
