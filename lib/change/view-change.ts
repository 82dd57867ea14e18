import 'server-only';
import { z } from 'zod';
import { type Caller, can, type Role, roleNames, roles } from '@/lib/access/model';
import { copyOfChange } from '@/lib/backup/copy-of-change';
import type { Config } from '@/lib/config/schema';
import { changeNumber } from '@/lib/core/ids';
import { type Database, database } from '@/lib/db/client';
import { eligibleFor } from '@/lib/policy/quorum';
import type { Prisma } from '@/prisma/generated/client';
import { type ChangeView, Precheck, SignOffView, StepView } from './contract';
import type { RestoreView } from './data/restore/contract';
import { pauseRefusal, withoutEvidence } from './data/restore/stage';
import { restoreView } from './data/restore/view';
import { ownRefusal } from './decide-sign';
import { viewIncidents } from './incident/view-incidents';
import { changeCan, type Refusal, waitingStates } from './model';
import { nextAction } from './next-action';
import { activePeople } from './people';
import { planSentence } from './plan/plan-hash';
import { promotionRefusal } from './promotion';
import { noChange } from './require-change';
import { reviewRefusal } from './review/review-change';
import { rowInclude, toRow } from './row';
import { signRolesOf } from './sign-roles';
import { backOutScript } from './staged/plan/script';
import type { StoredChange } from './stored';
import { viewDrift } from './view-drift';
import { viewHold } from './view-hold';
import { countOlder, observationView } from './view-log';
import { measurementColumns, measurementView, readMeasured } from './view-measured';
import { viewRollout } from './view-rollout';
import { viewTraffic } from './view-traffic';
import { viewWatch } from './watch/view';

const MEASUREMENTS_SHOWN = 200;
const OBSERVATIONS_SHOWN = 500;

const include = {
  ...rowInclude,
  signOffs: { orderBy: { createdAt: 'asc' } },
  steps: { orderBy: { n: 'asc' } },
  measurements: { orderBy: { id: 'desc' }, take: MEASUREMENTS_SHOWN, select: measurementColumns },
  observations: { orderBy: { seq: 'desc' }, take: OBSERVATIONS_SHOWN },
} as const satisfies Prisma.ChangeInclude;
type Full = Prisma.ChangeGetPayload<{ include: typeof include }>;

/** Everything the page of one change shows, for the person who looks. Throws OpsError `not-found`. */
export async function viewChange(
  { actor, config, id }: { actor: Caller; config: Config; id: string },
  db: Database = database(),
): Promise<ChangeView> {
  const record = await db.change.findUnique({ where: { number: changeNumber(id) }, include });
  if (record === null) throw noChange(id);
  const { measurements, observations, ...counted } = record;
  const live = record.signOffs.filter(({ voidedAt }) => voidedAt === null);
  const { change, row } = toRow(config, { ...counted, signOffs: live });
  const known = await restoreView(db, change, record.steps);
  const restore = actor.kind === 'pipeline' ? withoutEvidence(known) : known;
  const { owner, timer, next } = nextAction(
    change,
    record.steps.find(({ state }) => state === 'running') ?? null,
    restore,
  );
  const approved = live.filter(({ decision }) => decision === 'approved');
  return {
    change: {
      ...row,
      reason: change.reason,
      ticket: change.ticket,
      runWhenApproved: change.runWhenApproved,
      planHash: change.planHash,
      cluster: change.cluster,
      namespace: change.namespace,
      hold: change.hold,
      outcome: outcomeView(change.outcome),
      approvedAt: iso(change.approvedAt),
      startedAt: iso(change.startedAt),
      watchUntil: iso(change.watchUntil),
      review: reviewOf(change),
      version: change.version,
    },
    plan: change.plan,
    effect: planSentence(change.plan, row.serviceName),
    checks: checksOf(change),
    signOffs: await signOffViews(db, change, live, actor),
    steps: record.steps.map(stepView),
    measurements: measurements.toReversed().map(measurementView),
    measured: await readMeasured(db, change.number),
    observations: observations.toReversed().map(observationView),
    olderObservations: await countOlder(db, change.number, observations.at(-1)),
    rollout: viewRollout(config, change.plan),
    copy: makesCopy(change) ? await copyOfChange(db, change.number) : null,
    restore,
    traffic: viewTraffic(config, change, record.steps),
    holding: await viewHold(db, change, record.steps),
    script: change.plan.data === undefined ? backOutScript(change.plan) : null,
    owner,
    timer: { label: timer.label, at: iso(timer.at), limitSeconds: timer.limitSeconds ?? null },
    next,
    you: {
      isRequester: isRequester(change, actor),
      signRoles: signRolesOf(change, approved, actor),
      refusals: refusals(change, approved, record.steps, actor, restore),
    },
    watch: change.finishedAt === null ? null : await viewWatch(db, change.number),
    drift: hasDrift(change) ? viewDrift(config, change.plan) : [],
    incidents: await viewIncidents(config, db, change, approved[0]?.createdAt ?? null),
  };
}

const outcomeView = (outcome: StoredChange['outcome']) =>
  outcome === null ? null : { sentence: outcome.sentence, kept: outcome.kept ?? [] };

const makesCopy = ({ plan: { data } }: StoredChange): boolean =>
  data?.do === 'backup' || data?.do === 'restore';

/** What is compared with the live objects: a change of a database leaves them as they are. */
const hasDrift = ({ state, plan }: StoredChange): boolean =>
  plan.data === undefined && waitingStates.some((waiting) => waiting === state);

const reviewOf = ({
  reviewDueAt,
  reviewedAt,
  reviewedByName,
  reviewNote,
}: StoredChange): ChangeView['change']['review'] =>
  reviewDueAt === null
    ? null
    : {
        dueAt: reviewDueAt.toISOString(),
        reviewed:
          reviewedAt === null
            ? null
            : { by: reviewedByName ?? '', at: reviewedAt.toISOString(), note: reviewNote ?? '' },
      };

/** The owner of a token counts as who asked: they answer for it, and may take the request back. */
const isRequester = (change: StoredChange, actor: Caller): boolean =>
  actor.kind === 'pipeline' ? change.requesterToken === actor.id : change.requesterId === actor.id;

/** What who signs should know beside the plan, as it was found when the plan was made. */
export const checksOf = ({
  prechecks,
  precheckedAt,
}: Pick<StoredChange, 'prechecks' | 'precheckedAt'>): ChangeView['checks'] =>
  prechecks === null || precheckedAt === null
    ? null
    : { at: precheckedAt.toISOString(), prechecks: z.array(Precheck).parse(prechecks) };

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

const stepView = (step: Full['steps'][number]): z.output<typeof StepView> =>
  StepView.parse({
    n: step.n,
    kind: step.kind,
    title: step.title,
    state: step.state,
    startedAt: iso(step.startedAt),
    finishedAt: iso(step.finishedAt),
    usualSeconds: step.usualSeconds,
    detail: step.detail,
  });

async function signOffViews(
  db: Database,
  change: StoredChange,
  live: Full['signOffs'],
  actor: Caller,
): Promise<z.output<typeof SignOffView>[]> {
  const people = await activePeople(db);
  const mine = signRolesOf(change, live, actor);
  return change.plan.policy.signOffs.map((role) => {
    const given = live.find((signOff) => signOff.role === role);
    const open = mine.includes(role) ? 'yours' : 'missing';
    return SignOffView.parse({
      role,
      roleName: roleNames[role],
      state: given === undefined ? open : given.decision === 'rejected' ? 'rejected' : 'signed',
      userName: given?.userName ?? null,
      at: iso(given?.createdAt ?? null),
      comment: given?.comment ?? null,
      because: change.plan.gate?.signOffs.includes(role) ? change.plan.gate.sentence : null,
      eligible: eligibleFor(people, role, change.requesterId).map(({ name }) => name),
    });
  });
}

const forPeople = 'A pipeline may look and ask for changes, and nothing else.';
const toPipelines: ChangeView['you']['refusals'] = {
  sign: forPeople,
  reject: forPeople,
  withdraw: forPeople,
  start: forPeople,
  cancel: forPeople,
  abort: forPeople,
  pause: forPeople,
  resume: forPeople,
  promote: forPeople,
  state: forPeople,
  review: forPeople,
};

type Signed = { role: string; userId: string };

/** Why each command is not possible for this person; the same words that the command would refuse with. */
function refusals(
  change: StoredChange,
  signed: Signed[],
  steps: Full['steps'],
  actor: Caller,
  restore: RestoreView | null,
): ChangeView['you']['refusals'] {
  if (actor.kind === 'pipeline') return { ...toPipelines };
  const steer = can(actor, 'change.steer') ? null : 'Only an SRE or a lead can steer a running change.';
  const own = actor.id === change.requesterId || can(actor, 'change.steer');
  const notOwn = own ? null : 'Only the requester, an SRE or a lead can do this.';
  const sign = signRefusal(change, signed, actor);
  const signedByMe = signed.some(({ userId }) => userId === actor.id);
  return {
    sign: changeCan.sign(change) ?? sign,
    reject: changeCan.reject(change) ?? sign,
    withdraw: signedByMe ? changeCan.withdraw(change) : 'You have no sign-off here that could be taken back.',
    start: changeCan.start(change) ?? notOwn,
    cancel: changeCan.cancel(change) ?? notOwn,
    abort: changeCan.abort(change) ?? steer,
    pause: changeCan.pause(change) ?? (restore === null ? null : pauseRefusal(restore.stage)) ?? steer,
    resume: changeCan.resume(change) ?? steer,
    promote: promotionRefusal(change, steps) ?? steer,
    state: changeCan.state(change) ?? steer,
    review: reviewRefusal(change, actor),
  };
}

function signRefusal(change: StoredChange, signed: Signed[], actor: Caller): Refusal {
  if (actor.id === change.requesterId) return ownRefusal(change);
  const mine = signed.find(({ userId }) => userId === actor.id);
  if (mine !== undefined) return `You have signed as ${nameOf(mine.role)}; nobody signs twice.`;
  if (signRolesOf(change, signed, actor).length > 0) return null;
  const names = change.plan.policy.signOffs.map((role) => roleNames[role]).join(', ');
  return `You hold none of the roles that are still missing (${names}).`;
}

const nameOf = (role: string): string => {
  const known: Role | undefined = roles.find((one) => one === role);
  return known === undefined ? role : roleNames[known];
};
