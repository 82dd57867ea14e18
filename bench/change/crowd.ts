import { z } from 'zod';
import { type Asked, ask, eventually, reaches, sign, written } from './acts';
import { namespaceOf, workload } from './config';
import { services, versions, type World } from './world';

const Deployment = z.looseObject({
  metadata: z.looseObject({ generation: z.number() }),
  spec: z.looseObject({ replicas: z.number() }),
  status: z.looseObject({
    observedGeneration: z.number().default(0),
    replicas: z.number().default(0),
    updatedReplicas: z.number().default(0),
    availableReplicas: z.number().default(0),
  }),
});

/** When every pod of the Deployment was of its newest template and available; read from the cluster's own store. */
const complete = ({ cluster: { store } }: World, index: number): Promise<number> =>
  eventually(`the rollout in ${namespaceOf(index)}`, () => {
    const { metadata, spec, status } = Deployment.parse(
      store.get('deployments.apps', namespaceOf(index), workload),
    );
    const counts = [status.replicas, status.updatedReplicas, status.availableReplicas];
    const isDone = metadata.generation <= status.observedGeneration;
    return isDone && counts.every((count) => count === spec.replicas) ? Date.now() : null;
  });

export type Lateness = Record<'first write' | 'watch begins' | 'watch ends' | 'guard', number>;

/**
 * Every service at once. How late each step was against its schedule, the latest of all, in seconds: the write
 * after the click, the watch after the rollout, the end after the watch, a reading of the guard after its interval.
 */
export async function lateness(world: World, guardSeconds: number): Promise<Lateness> {
  const asked = [];
  for (let index = 0; index < services; index += 1) asked.push(await ask(world, index, versions.quick));
  const late: Lateness = { 'first write': 0, 'watch begins': 0, 'watch ends': 0, guard: 0 };
  const note = (step: keyof Lateness, ms: number) => {
    late[step] = Math.max(late[step], ms / 1000);
  };
  const follow = async (change: Asked, signedAt: number) => {
    const writtenAt = await written(world, change.index, versions.quick, signedAt);
    const completeAt = await complete(world, change.index);
    const end = await reaches(world, change, 'Succeeded', 'Failed', 'BackedOut', 'DriftHold', 'DataHold');
    const where = { changeNumber: change.number };
    const { watchUntil, finishedAt } = await world.db.change.findUniqueOrThrow({
      where: { number: change.number },
    });
    const watching = await world.db.step.findFirst({ where: { ...where, n: 3 } });
    if (end !== 'Succeeded' || !watchUntil || !finishedAt || !watching?.startedAt)
      throw new Error(`${change.id} ended as ${end}.`);
    note('first write', writtenAt - signedAt);
    note('watch begins', watching.startedAt.getTime() - completeAt);
    note('watch ends', finishedAt.getTime() - watchUntil.getTime());
    const readings = await world.db.measurement.findMany({ where, orderBy: { takenAt: 'asc' } });
    for (const [n, { takenAt }] of readings.entries()) {
      const before = readings[n - 1]?.takenAt;
      if (before !== undefined) note('guard', takenAt.getTime() - before.getTime() - guardSeconds * 1000);
    }
  };
  // Each click waits for its answer: fifty sign-offs within moments, as fifty leads would press.
  const following: Promise<void>[] = [];
  for (const change of asked) following.push(follow(change, await sign(world, change)));
  await Promise.all(following);
  return late;
}
