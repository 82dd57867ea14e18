import 'server-only';
import { roleNames, roles } from '@/lib/access/model';
import { listEntries } from '@/lib/audit/list';
import { copyOfChange } from '@/lib/backup/copy-of-change';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { changeId, changeNumber } from '@/lib/core/ids';
import { digestOf, type KnownImage } from '@/lib/core/image';
import { type Database, database } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import type { Prisma } from '@/prisma/generated/client';
import type { DeployPlan } from '../contract';
import { withoutEvidence } from '../data/restore/stage';
import { restoreView } from '../data/restore/view';
import { planHash } from '../plan/plan-hash';
import { rowInclude, toRow } from '../row';
import { checksOf } from '../view-change';
import { viewWatch } from '../watch/view';
import { outcomeOf } from './model';
import { priceChanges } from './price';
import type { ChangeRecord } from './record-contract';
import { secondsOf } from './view';

/** Longer lists are cut, and the record says so. */
const MOST = 10_000;

const include = {
  ...rowInclude,
  signOffs: { orderBy: { createdAt: 'asc' } },
  steps: { orderBy: { n: 'asc' } },
  intents: { orderBy: { createdAt: 'asc' }, take: MOST },
  commands: { orderBy: { receivedAt: 'asc' }, take: MOST },
  measurements: { orderBy: { id: 'asc' }, take: MOST },
  observations: { orderBy: { seq: 'asc' }, take: MOST },
} as const satisfies Prisma.ChangeInclude;
type Full = Prisma.ChangeGetPayload<{ include: typeof include }>;

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** An image with the digest that it was pinned to, or that its pods ran; a tag may have meant another image since. */
const imageOf = ({ version, image, digest }: KnownImage & { version: string }) => ({
  version,
  image,
  digest: digestOf({ image, digest }),
});

/**
 * The deployment record of a change (DEP-10): what was deployed where and how, who asked, who signed when, every step,
 * write and observation, its entries in the audit log, and what it cost. Throws OpsError `not-found`.
 */
export async function readRecord(
  config: Config,
  id: string,
  db: Database = database(),
): Promise<ChangeRecord> {
  const record = await db.change.findUnique({ where: { number: changeNumber(id) }, include });
  if (record === null)
    throw new OpsError('not-found', `There is no change ${id}.`, { next: 'See the list of changes.' });
  const live = record.signOffs.filter(({ voidedAt }) => voidedAt === null);
  const { change, row } = toRow(config, { ...columnsOf(record), signOffs: live, steps: record.steps });
  const { plan } = change;
  const [costs, audit, watch, now, copy, restore] = await Promise.all([
    priceChanges(db, config, { service: change.service, environment: change.environment, changes: [change] }),
    auditOf(db, change.number),
    viewWatch(db, change.number),
    databaseNow(db),
    copyOfChange(db, change.number),
    restoreView(db, change, record.steps),
  ]);
  return {
    v: 1,
    id: row.id,
    kind: row.kind,
    title: row.title,
    service: { id: change.service, name: row.serviceName },
    environment: change.environment,
    region: change.region,
    regions: [...(plan.staged?.regions ?? [change.region])],
    cluster: change.cluster,
    namespace: change.namespace,
    workload: `${plan.target.kind} ${plan.target.name}`,
    strategy: plan.strategy,
    objects: objectsOf(plan),
    data: plan.data ?? null,
    copy,
    restore: withoutEvidence(restore),
    from: imageOf(plan.from),
    to: imageOf(plan.to),
    undo: imageOf(plan.undo),
    labels: { version: plan.to.version, deployment_date: iso(change.startedAt)?.slice(0, 10) ?? null },
    state: change.state,
    outcome: outcomeOf(change.state),
    sentence: row.sentence,
    requester: change.requesterName,
    reason: change.reason,
    ticket: change.ticket,
    times: {
      requestedAt: change.createdAt.toISOString(),
      approvedAt: iso(change.approvedAt),
      startedAt: iso(change.startedAt),
      finishedAt: iso(change.finishedAt),
      seconds: secondsOf(change),
    },
    policy: plan.policy.id,
    checks: checksOf(change),
    review:
      change.reviewDueAt === null && change.reviewedAt === null
        ? null
        : {
            dueAt: iso(change.reviewDueAt),
            at: iso(change.reviewedAt),
            by: change.reviewedByName,
            note: change.reviewNote,
          },
    planHash: change.planHash,
    planHashFits: planHash(plan) === change.planHash,
    plan,
    ...listsOf(record),
    watch: watch?.tiers ?? [],
    audit,
    cost: costs.get(change.number) ?? { state: 'not-counted', lines: [] },
    cut: [
      ...(['intents', 'commands', 'measurements', 'observations'] as const).filter(
        (list) => record[list].length === MOST,
      ),
      ...(audit.entries.length === MOST ? ['audit'] : []),
    ],
    madeAt: now.toISOString(),
  };
}

/** Everything that the plan writes, or that it must find unchanged. */
const objectsOf = ({ staged, data, target, cluster }: DeployPlan): ChangeRecord['objects'] =>
  staged === undefined
    ? data === undefined
      ? [{ kind: target.kind, cluster, namespace: target.namespace, name: target.name, part: 'new' }]
      : []
    : staged.objects.map(({ kind, cluster: on, namespace, name, part }) => ({
        kind,
        cluster: on,
        namespace,
        name,
        part,
      }));

/** The row alone, without the lists that hang on it. */
function columnsOf({ signOffs, steps, intents, commands, measurements, observations, ...columns }: Full) {
  return columns;
}

function listsOf(record: Full) {
  return {
    signOffs: record.signOffs.flatMap((one) => {
      const role = roles.find((known) => known === one.role);
      if (role === undefined) return [];
      const { userName: name, decision, comment, planHash: hash, voidReason } = one;
      const voidedAt = iso(one.voidedAt);
      const at = one.createdAt.toISOString();
      const roleName = roleNames[role];
      return [{ role, roleName, name, decision, at, comment, planHash: hash, voidedAt, voidReason }];
    }),
    steps: record.steps.map(({ n, kind, title, state, startedAt, finishedAt, detail }) => ({
      n,
      kind,
      title,
      state,
      startedAt: iso(startedAt),
      finishedAt: iso(finishedAt),
      detail,
    })),
    writes: record.intents.map(({ id, verb, target, epoch, onBehalfOf, createdAt, resolvedAt, result }) => ({
      intent: id,
      verb,
      target,
      epoch,
      onBehalfOf,
      intendedAt: createdAt.toISOString(),
      resolvedAt: iso(resolvedAt),
      result,
    })),
    commands: record.commands.map(({ kind, actorName, reason, receivedAt, expectedStep, result }) => ({
      kind,
      by: actorName,
      reason,
      at: receivedAt.toISOString(),
      expectedStep,
      result,
    })),
    log: record.observations.map(({ seq, seenAt, step, kind, sentence }) => ({
      seq,
      at: seenAt.toISOString(),
      step,
      kind,
      sentence,
    })),
    measurements: record.measurements.map(({ id: _, changeNumber: __, takenAt, ...measured }) => ({
      at: takenAt.toISOString(),
      ...measured,
    })),
  };
}

async function auditOf(db: Database, number: number): Promise<ChangeRecord['audit']> {
  const [entries, waiting] = await Promise.all([
    listEntries(db, { change: changeId(number) }, { since: 0, limit: MOST }),
    db.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) FROM audit.staged WHERE (body::json ->> 'change') = ${String(number)}`,
  ]);
  return {
    entries: entries.map(({ seq, at, action, actor, result, leaf }) => ({
      seq,
      at,
      action,
      actor: actor.name,
      result,
      leaf,
    })),
    waiting: Number(waiting[0]?.count ?? 0n),
  };
}
