import 'server-only';
import { databaseNow } from '@/lib/db/transaction';
import type { CommandFact, Facts } from '../facts';
import type { Verdict } from '../model';
import type { StoredChange } from '../stored';
import { activeKill } from '../switch/active';
import type { Kill } from '../switch/model';
import { baselineHash, templateKey } from '../template';
import { whatOf } from '../words';
import { desiredOf, setsReplicas } from './desired';
import type { Execution } from './execution';
import { type Intent, parseIntent } from './intents';
import type { Observed } from './observe';
import type { Progress } from './progress';

export type Orders = { abort: CommandFact | null; pause: CommandFact | null; resume: CommandFact | null };

/** What the database says about an execution, read anew for each decision. */
export type Recorded = {
  change: StoredChange;
  now: Date;
  commands: Orders;
  kill: Kill | null;
  open: Intent | null;
  lastSettled: Pick<Intent, 'verb' | 'before' | 'desired'> | null;
  /** The last write that set the replicas; a pause after it leaves them alone. */
  lastScaled: Pick<Intent, 'desired'> | null;
  applied: Intent | null;
  /** The new version has been written: settled, not only announced. */
  written: boolean;
  /** Some write was given up without anybody having seen what became of it. */
  unseen: boolean;
  /** The highest epoch that a write was announced under; 0 before the first. */
  newestEpoch: number;
  latest: { verdict: Verdict; at: Date; detail: string } | null;
  lastVerdictAt: Date | null;
};

const verdictOf: Record<string, Verdict> = { PASS: 'PASS', FAIL: 'FAIL', NODATA: 'NODATA', ERROR: 'ERROR' };

/** `change` as it was read for this round: its row is large, and a writer that is late misses its version anyway. */
export async function readRecorded(run: Execution, change: StoredChange): Promise<Recorded> {
  const where = { changeNumber: run.number };
  const [kill, now, commands, intents, latest, verdict] = await Promise.all([
    activeKill(run.db, change),
    databaseNow(run.db),
    run.db.command.findMany({ where: { ...where, appliedAt: null }, orderBy: { receivedAt: 'asc' } }),
    run.db.intent.findMany({ where, orderBy: { attempt: 'asc' } }),
    run.db.measurement.findFirst({ where, orderBy: { id: 'desc' } }),
    run.db.measurement.findFirst({
      where: { ...where, verdict: { in: ['PASS', 'FAIL'] } },
      orderBy: { id: 'desc' },
    }),
  ]);
  const order = (kind: string): CommandFact | null => {
    const row = commands.find((command) => command.kind === kind);
    return row === undefined ? null : { id: row.id, actorName: row.actorName, reason: row.reason };
  };
  const parsed = intents.map(parseIntent);
  const settled = parsed.filter(({ result }) => result === 'applied' || result === 'adopted');
  return {
    change,
    now,
    commands: { abort: order('abort'), pause: order('pause'), resume: order('resume') },
    kill,
    open: parsed.findLast(({ resolvedAt }) => resolvedAt === null) ?? null,
    lastSettled: settled.at(-1) ?? null,
    lastScaled: settled.findLast(setsReplicas) ?? null,
    applied: parsed.find(({ verb }) => verb === 'apply') ?? null,
    written: settled.some(({ verb }) => verb === 'apply'),
    unseen: parsed.some(({ result }) => result === 'superseded'),
    newestEpoch: Math.max(0, ...parsed.map(({ epoch }) => epoch)),
    latest:
      latest === null
        ? null
        : { verdict: verdictOf[latest.verdict] ?? 'ERROR', at: latest.takenAt, detail: latest.detail ?? '' },
    lastVerdictAt: verdict?.takenAt ?? null,
  };
}

/** Joins what is recorded with what the cluster shows; `observed` is null when it did not answer, or is `gone`. */
export function factsOf(
  recorded: Recorded,
  observed: Observed | null,
  progress: Progress,
  gone: boolean,
): Facts {
  const { change, lastSettled, applied } = recorded;
  const { plan } = change;
  const fitsPlan = observed !== null && baselineHash(observed.deployment.spec) === plan.baseline;
  const before = applied?.before ?? (fitsPlan ? observed.subset : null);
  const target = before === null ? '' : templateKey(desiredOf('apply', plan, before).template);
  const undo = templateKey(JSON.parse(plan.undo.template));
  const base = before === null ? '' : templateKey(before.template);
  const held = change.hold === null ? null : Date.parse(change.hold.since);
  const latest = recorded.latest;
  const counts =
    latest !== null && (change.state !== 'DataHold' || held === null || latest.at.getTime() > held);
  return {
    nowMs: recorded.now.getTime(),
    state: change.state,
    stateSinceMs: change.stateSince.getTime(),
    backingOut: change.backingOut,
    orderedBack: change.backingOut && change.outcome?.by !== undefined,
    holdSinceMs: held,
    kill: recorded.kill,
    commands: recorded.commands,
    what: whatOf(plan),
    scale:
      plan.write?.replicas === undefined
        ? null
        : { target: plan.write.replicas, undo: plan.undo.replicas ?? plan.replicas },
    templates: { target, undo, known: [base, target, undo].filter((key) => key !== '') },
    timing: {
      watchSeconds: plan.timing.watchSeconds,
      rolloutDeadlineSeconds: plan.timing.rolloutDeadlineSeconds,
      maxHoldSeconds: plan.timing.maxHoldSeconds,
      graceSeconds: plan.guard.graceSeconds,
      guardIntervalSeconds: plan.guard.intervalSeconds,
      guardWindowSeconds: plan.guard.windowSeconds,
    },
    expected: {
      template: lastSettled === null ? base : templateKey(lastSettled.desired.template),
      paused: lastSettled?.desired.paused ?? false,
      replicas: expectedReplicas(recorded, observed),
    },
    lastVerb: lastSettled?.verb ?? null,
    written: recorded.written,
    unseen: recorded.unseen,
    live: observed?.live ?? null,
    gone,
    judges: plan.guard.judges !== false,
    guard: {
      latest: counts ? { verdict: latest.verdict, atMs: latest.at.getTime(), detail: latest.detail } : null,
      lastVerdictAtMs: recorded.lastVerdictAt?.getTime() ?? null,
    },
    firstReadyAtMs: progress.firstReadyAtMs,
    progressAtMs: progress.progressAtMs,
    watchUntilMs: change.watchUntil?.getTime() ?? null,
  };
}

/** What we set last; before that, and when the change leaves them alone, what they were at its first write. */
function expectedReplicas({ change, lastScaled, applied }: Recorded, observed: Observed | null): number {
  if (lastScaled !== null) return lastScaled.desired.replicas ?? 0;
  return applied?.before.replicas ?? observed?.live.replicas ?? change.plan.replicas;
}
