import 'server-only';
import { isClusterError, isPassing } from '@/lib/actuators/kubernetes/error';
import { compareFence, type Fence } from '@/lib/actuators/kubernetes/fence';
import { messageOf } from '@/lib/core/errors';
import { sleep } from '@/lib/core/time';
import type { Prisma } from '@/prisma/generated/client';
import { LostChange } from '../move-change';
import type { StoredChange } from '../stored';
import type { Execution } from './execution';
import {
  type IntentOf,
  type IntentRow,
  type MayStill,
  reissueIntent,
  settleIntent,
  writeIntent,
} from './intents';
import { type Recovery, recoveryOf } from './recover-intent';

/** How a write ended. After `later` the intent stays open: the next round looks before it does anything. */
export type ActResult =
  | { kind: 'done' }
  | { kind: 'preempted' }
  | { kind: 'drift'; sentence: string }
  | { kind: 'refused'; sentence: string }
  | { kind: 'later'; seconds: number | null; sentence: string };

/** An object as a write sees it: the members that are written and compared, and what a compare-and-swap needs. */
export type Seen<S> = {
  subset: S;
  fence: Fence | null;
  uid: string;
  resourceVersion: string;
  writer: string | null;
};

export type Write<S> = { verb: string; before: S; desired: S };

/** One object that a change writes: how it is read, compared and patched. */
export type Target<S> = {
  /** In the record: `deployment/ns/name`. */
  key: string;
  /** In sentences: `the Deployment`. */
  noun: string;
  look: () => Promise<Seen<S>>;
  /** Sends the patch; throws ClusterError. */
  patch: (
    seen: Seen<S>,
    write: Write<S>,
    made: { fence: Fence; onBehalfOf: { user: string; attempt: string } },
  ) => Promise<{ resourceVersion: string; auditId: string | null }>;
  same: (live: S, wanted: S, write: Write<S>) => boolean;
  /** The way back may start from more than what was there when it was announced: from whatever we wrote. */
  startsFrom: (seen: Seen<S>, write: Write<S>) => boolean;
  parse: (row: IntentRow) => IntentOf<S>;
  done: (write: Write<S>) => string;
  /** Asked in the transaction that announces a write, where it needs more than every write does. */
  mayStill?: MayStill;
};

const CONFLICTS_MAX = 5;

export type Made<S> = Write<S> & { step: number; onBehalfOf: string; sentence: string };

/** One fenced write: intent, act, result (change-engine.md 2.2, 6 and 7). Throws LostChange and database errors. */
export async function writeTarget<S extends Prisma.InputJsonObject>(
  run: Execution,
  change: StoredChange,
  target: Target<S>,
  seen: Seen<S>,
  made: Made<S>,
): Promise<ActResult> {
  const foreign = await foreignFence(run, change, target, seen);
  if (foreign !== null && made.verb !== 'restore') return { kind: 'drift', sentence: foreign };
  await run.reached('before-intent');
  const about = { target: target.key, targetUid: seen.uid, targetRv: seen.resourceVersion };
  const row = await writeIntent(run, { ...made, ...about }, target.mayStill);
  if (row === null) return { kind: 'preempted' };
  await run.reached('intent-written');
  return send(run, change, target, target.parse(row), seen);
}

/** Looks at a write without a result and ends it, one way or the other. */
export async function recoverTarget<S extends Prisma.InputJsonObject>(
  run: Execution,
  change: StoredChange,
  target: Target<S>,
  intent: IntentOf<S>,
  seen: Seen<S>,
  backingOut: boolean,
): Promise<ActResult> {
  const recovery: Recovery = recoveryOf(
    { verb: intent.verb, epoch: intent.epoch },
    {
      fence: seen.fence,
      isDesired: target.same(seen.subset, intent.desired, intent),
      isBefore: target.same(seen.subset, intent.before, intent),
    },
    { change: run.number, epoch: run.epoch },
    backingOut,
  );
  switch (recovery) {
    case 'lost':
      throw new LostChange('A later claim of this change has written.');
    case 'adopt':
      await settleIntent(run, intent, {
        result: 'adopted',
        sentence: 'The write had been carried out before its result could be recorded.',
        resourceVersion: seen.resourceVersion,
      });
      return { kind: 'done' };
    case 'supersede':
      await settleIntent(run, intent, {
        result: 'superseded',
        sentence: 'The write is not sent again: the change goes back.',
      });
      return { kind: 'preempted' };
    case 'drift': {
      const sentence = `${seen.writer === null ? 'Somebody else' : `“${seen.writer}”`} changed ${target.noun} meanwhile.`;
      await settleIntent(run, intent, { result: 'conflict', sentence });
      return { kind: 'drift', sentence };
    }
    case 'reissue': {
      const again = await reissueIntent(run, intent, seen.resourceVersion, target.mayStill);
      if (again !== null) return send(run, change, target, target.parse(again), seen);
      await settleIntent(run, intent, {
        result: 'superseded',
        sentence: 'The write is not sent again: somebody stopped it.',
      });
      return { kind: 'preempted' };
    }
  }
}

/** The write of a stranger's fence: fine while that change has ended and we have not written the object yet. */
async function foreignFence<S>(
  run: Execution,
  change: StoredChange,
  target: Target<S>,
  { fence }: Seen<S>,
): Promise<string | null> {
  const compared = compareFence(fence, { change: run.number, epoch: run.epoch });
  if (compared === 'newer') throw new LostChange('A later claim of this change has written.');
  if (compared !== 'foreign' || fence === null) return null;
  const other = await run.db.change.findUnique({ where: { number: fence.change }, select: { state: true } });
  const written = await run.db.intent.count({
    where: { changeNumber: change.number, target: target.key, result: { in: ['applied', 'adopted'] } },
  });
  const ended =
    other === null
      ? await wasRemoved(run, fence.change)
      : ['Succeeded', 'BackedOut', 'Failed'].includes(other.state);
  return ended && written === 0 ? null : `Change c-${fence.change} wrote ${target.noun} last.`;
}

/**
 * Retention removes ended changes from the oldest on: an unknown number below all that are kept has ended long ago.
 * Any other unknown number is of rows that the database lost.
 */
async function wasRemoved(run: Execution, number: number): Promise<boolean> {
  const kept = await run.db.change.aggregate({
    where: { finishedAt: { not: null } },
    _min: { number: true },
  });
  return number < Math.min(kept._min.number ?? run.number, run.number);
}

async function send<S>(
  run: Execution,
  change: StoredChange,
  target: Target<S>,
  intent: IntentOf<S>,
  first: Seen<S>,
): Promise<ActResult> {
  let seen = first;
  for (let conflicts = 0; ; conflicts += 1) {
    if (!run.lease.mayAct()) throw new LostChange('The lease is too old to act on.');
    try {
      const { resourceVersion, auditId } = await target.patch(seen, intent, {
        fence: { change: run.number, epoch: run.epoch },
        onBehalfOf: { user: intent.onBehalfOf, attempt: intent.id },
      });
      await run.reached('act-sent');
      await settleIntent(run, intent, {
        result: 'applied',
        sentence: target.done(intent),
        auditId,
        resourceVersion,
      });
      await run.reached('result-written');
      return { kind: 'done' };
    } catch (error) {
      if (!isClusterError(error)) throw error;
      if (error.failure === 'conflict' && conflicts < CONFLICTS_MAX) {
        await sleep(50 + Math.random() * 150 * (conflicts + 1));
        seen = await target.look();
        const known = isKnown(change, target, intent, seen);
        if (!known) {
          const sentence = `${seen.writer ?? 'Somebody else'} changed ${target.noun} while it was written.`;
          await settleIntent(run, intent, { result: 'conflict', sentence });
          return { kind: 'drift', sentence };
        }
        if (known === 'done') {
          await settleIntent(run, intent, { result: 'adopted', sentence: target.done(intent) });
          return { kind: 'done' };
        }
        continue;
      }
      if (isPassing(error) || error.failure === 'conflict' || error.failure === 'bad-response') {
        return { kind: 'later', seconds: error.retryAfterSeconds, sentence: messageOf(error) };
      }
      await settleIntent(run, intent, { result: 'refused', sentence: messageOf(error) });
      return { kind: 'refused', sentence: messageOf(error) };
    }
  }
}

/**
 * After a conflict: whether the object is still what the write starts from. `done` when it is what the write
 * would make, under our own fence. The way back also starts from whatever else we wrote.
 */
function isKnown<S>(
  change: StoredChange,
  target: Target<S>,
  intent: IntentOf<S>,
  seen: Seen<S>,
): boolean | 'done' {
  const compared = compareFence(seen.fence, { change: change.number, epoch: change.epoch });
  if (compared === 'newer') throw new LostChange('A later claim of this change has written.');
  if (compared === 'ours' && target.same(seen.subset, intent.desired, intent)) return 'done';
  if (target.same(seen.subset, intent.before, intent)) return true;
  if (intent.verb !== 'restore') return false;
  return change.outcome?.by !== undefined || target.startsFrom(seen, intent);
}
