import 'server-only';
import { can, type Person } from '@/lib/access/model';
import { withoutSecrets } from '@/lib/audit/secrets';
import { stage } from '@/lib/audit/stage';
import { type Database, database } from '@/lib/db/client';
import { actOnChange } from './act-on-change';
import { changeCan } from './model';
import { observe } from './move-change';

export const steerings = ['pause', 'resume', 'abort'] as const;
export type Steering = (typeof steerings)[number];

const actions = { pause: 'change.paused', resume: 'change.resumed', abort: 'change.aborted' } as const;
const words = { pause: 'asks for a pause', resume: 'resumes', abort: 'aborts' } as const;

/**
 * Leaves a command for the worker that holds the change; it is carried out before anything else is done. The
 * same command twice is one. Throws OpsError `forbidden`, `conflict` or `not-found`.
 */
const steerChange = (
  { actor, id, reason, steering }: { actor: Person; id: string; reason: string; steering: Steering },
  db: Database,
): Promise<void> =>
  actOnChange(
    db,
    {
      actor,
      id,
      action: actions[steering],
      closed: changeCan[steering],
      allowed: () => can(actor, 'change.steer'),
      whoMay: 'Only an SRE or a lead can steer a running change.',
    },
    async (tx, change, now, entry) => {
      const waiting = await tx.command.findFirst({
        where: { changeNumber: change.number, kind: steering, appliedAt: null },
        select: { id: true },
      });
      if (waiting !== null) return;
      await tx.command.create({
        data: {
          changeNumber: change.number,
          kind: steering,
          actorId: actor.id,
          actorName: actor.name,
          reason: withoutSecrets(reason),
          receivedAt: now,
        },
      });
      await tx.change.update({ where: { number: change.number }, data: { dueAt: now } });
      await observe(tx, change.number, null, 'command', `${actor.name} ${words[steering]}: ${reason}`);
      await stage(tx, { ...entry, result: 'ok', reason });
    },
  );

type Steer = { actor: Person; id: string; reason: string };

/** Halts the rollout where it is; the Deployment is paused. */
export const pauseChange = (steer: Steer, db: Database = database()) =>
  steerChange({ ...steer, steering: 'pause' }, db);

/** Ends a person's pause or a hold for drift, when nothing differs any more. */
export const resumeChange = (steer: Steer, db: Database = database()) =>
  steerChange({ ...steer, steering: 'resume' }, db);

/** Back to the last known good version at once; outranks everything. */
export const abortChange = (steer: Steer, db: Database = database()) =>
  steerChange({ ...steer, steering: 'abort' }, db);
