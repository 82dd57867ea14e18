import type { Child } from '@/scripts/process/child';
import { ask, eventually, sign, written } from './acts';
import type { Pace } from './config';
import { versions, type World } from './world';

/**
 * Kills the worker that carries a rollout out, starts none in its place, and waits until another one has taken the
 * change to its next step. Seconds from the kill, by the clock of the database.
 */
export async function takeover(world: World, pace: Pace): Promise<number> {
  const [first, second]: Child[] = [await world.worker(pace), await world.worker(pace)];
  if (first === undefined || second === undefined) throw new Error('Two workers are needed.');
  const change = await ask(world, 0, versions.quick);
  const signedAt = await sign(world, change);
  await written(world, change.index, versions.quick, signedAt);
  const where = { number: change.number };
  const owner = await eventually('the lease', async () => {
    const { leaseOwner } = await world.db.change.findUniqueOrThrow({ where });
    return leaseOwner;
  });
  const { pid } = await world.db.worker.findUniqueOrThrow({ where: { id: owner } });
  const killedAt = new Date();
  (pid === first.pid ? first : second).kill('SIGKILL');
  const next = await eventually('the next step', () =>
    world.db.step.findFirst({
      where: { changeNumber: change.number, n: 3, startedAt: { gt: killedAt } },
    }),
  );
  const { leaseOwner } = await world.db.change.findUniqueOrThrow({ where });
  if (leaseOwner === owner) throw new Error('The killed worker still holds the change.');
  return ((next.startedAt ?? killedAt).getTime() - killedAt.getTime()) / 1000;
}
