import 'server-only';
import { type AuditActor, stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { changeId } from '@/lib/core/ids';
import type { Database } from '@/lib/db/client';
import { type Transaction, transaction } from '@/lib/db/transaction';
import { notify } from '@/lib/notify/outbox';
import { serviceOf } from '@/lib/service/placements';
import { analysisDefaults } from '../analysis/make-analysis';
import { observe } from '../move-change';
import { newVersionRegions, parseChange, type StoredChange } from '../stored';
import { changeTitle, whatOf } from '../words';
import { beginWatches, endSuperseded } from './begin-watch';
import type { TierState } from './contract';
import { afterLook } from './end-tier';
import { judgeLook, type Look, type LookVerdict } from './judge-look';
import { readBurn } from './read-burn';
import { readCounts } from './read-counts';
import { readSaturation } from './read-saturation';
import { nextLook } from './schedule';
import { tierSentence } from './words';

export type Watcher = {
  db: Database;
  config: Config;
  actor: AuditActor;
  /** Pods of the new version that restarted since; null: nobody could tell. Never throws. */
  restartedSince: (change: StoredChange, since: Date) => Promise<number | null>;
};

/** A worker that took a look and died is replaced after this; a look takes a few queries. */
const lookSeconds = 60;

type Taken = {
  change_number: number;
  seconds: number;
  starts_at: Date;
  due_at: Date;
  next_look_at: Date;
  bad_looks: number;
  now: Date;
};

/**
 * The watch after a deploy (CLS-05, X-17): begins it for what has succeeded, ends it where a newer version came, and
 * looks at every tier that is due. Several workers may do so at once: each look is taken by one of them.
 */
export async function lookAtTiers(watcher: Watcher): Promise<number> {
  await beginWatches(watcher.db, watcher.config);
  await endSuperseded(watcher.db, watcher.actor);
  let looks = 0;
  for (let taken = await take(watcher.db); taken !== null; taken = await take(watcher.db)) {
    await look(watcher, taken);
    looks += 1;
  }
  return looks;
}

/** Moves the look out of the way before it is made: the row is whose look this is until then. */
async function take(db: Database): Promise<Taken | null> {
  const [row] = await db.$queryRaw<Taken[]>`
    UPDATE watch_tier SET next_look_at = app.now() + ${lookSeconds} * interval '1 s'
    WHERE (change_number, seconds) = (
      SELECT change_number, seconds FROM watch_tier WHERE state = 'open' AND next_look_at <= app.now()
      ORDER BY next_look_at, change_number, seconds FOR UPDATE SKIP LOCKED LIMIT 1)
    RETURNING change_number, seconds, starts_at, due_at, next_look_at, bad_looks, app.now() AS now`;
  return row ?? null;
}

async function look(watcher: Watcher, taken: Taken): Promise<void> {
  const { db, config } = watcher;
  const change = parseChange(await db.change.findUniqueOrThrow({ where: { number: taken.change_number } }));
  const end = change.finishedAt ?? taken.starts_at;
  const cadence = config.timing.watchCadence;
  // A look that comes late tells of the moment that it was due at; what only the present knows is left out then.
  const isLate = taken.now.getTime() > taken.due_at.getTime() + cadence * 1000;
  const at = isLate ? taken.due_at : taken.now;
  const seen = await readLook(watcher, change, { at, since: taken.starts_at, isLate });
  const { guard } = config;
  const { verdict, detail } = judgeLook(seen, { ...analysisDefaults, ...guard });
  const elapsed = (taken.now.getTime() - end.getTime()) / 1000;
  const tier = {
    starts: (taken.starts_at.getTime() - end.getTime()) / 1000,
    ends: (taken.due_at.getTime() - end.getTime()) / 1000,
  };
  const after = afterLook(verdict, { badLooks: taken.bad_looks }, { elapsed, ends: tier.ends, cadence });
  const next = new Date(end.getTime() + nextLook(tier, elapsed, cadence) * 1000);
  await transaction((tx) => record(tx, watcher, { taken, change, seen, verdict, detail, after, next }), db);
}

async function readLook(
  { db, config, restartedSince }: Watcher,
  change: StoredChange,
  { at, since, isLate }: { at: Date; since: Date; isLate: boolean },
): Promise<Look> {
  const { plan } = change;
  const place = {
    service: change.service,
    environment: change.environment,
    regions: newVersionRegions(change),
    version: plan.to.version,
    startedAt: change.startedAt ?? change.createdAt,
    finishedAt: change.finishedAt ?? at,
  };
  const [counts, saturated, restarted, burning] = await Promise.all([
    readCounts(config, place, at),
    readSaturation(config, place, at),
    isLate ? null : restartedSince(change, since),
    isLate ? { burn: null, isBurning: false } : readBurn(db, config, place),
  ]);
  return { ...counts, saturated, restarted, ...burning };
}

type Seen = {
  taken: Taken;
  change: StoredChange;
  seen: Look;
  verdict: LookVerdict;
  detail: string;
  after: { state: TierState; badLooks: number };
  next: Date;
};

/** Only while the look is still ours; the end of a tier is told in the same transaction. */
async function record(tx: Transaction, { config, actor }: Watcher, given: Seen): Promise<void> {
  const { taken, change, seen, detail, after, next } = given;
  const { number } = change;
  await tx.$queryRaw`SELECT 1 FROM change WHERE number = ${number} FOR UPDATE`;
  const figures = JSON.stringify(seen);
  const isOver = after.state !== 'open';
  const count = await tx.$executeRaw`
    UPDATE watch_tier SET state = ${after.state}, bad_looks = ${after.badLooks}, looks = looks + 1,
      looked_at = app.now(), next_look_at = ${next}::timestamptz, detail = ${detail}, figures = ${figures}::jsonb,
      ended_at = CASE WHEN ${isOver} THEN app.now() END
    WHERE change_number = ${number} AND seconds = ${taken.seconds} AND state = 'open'
      AND next_look_at = ${taken.next_look_at}::timestamptz`;
  if (count === 0 || !isOver) return;
  const sentence = tierSentence(taken.seconds, after.state, detail);
  await observe(tx, number, null, 'seen', sentence);
  if (after.state === 'regressed') {
    const title = changeTitle(serviceOf(config, change.service).name, whatOf(change.plan));
    await notify(tx, config, 'regressed', { id: changeId(number), title, sentence });
  }
  await stage(tx, {
    action: 'change.watch_ended',
    actor,
    target: `change:${changeId(number)}`,
    change: number,
    result: after.state === 'regressed' ? 'failed' : 'ok',
    planHash: change.planHash,
    details: { to: after.state, sentence: sentence.slice(0, 500), seconds: taken.seconds },
  });
}
