import 'server-only';
import { isClusterError } from '@/lib/actuators/kubernetes/error';
import { isOpsError } from '@/lib/core/errors';
import { changeId } from '@/lib/core/ids';
import type { Database } from '@/lib/db/client';
import { executingStates } from '../model';

export type Problem = { message: string; next?: string };
type Place = { service: string; environment: string };

/** Why there is no plan and what to do; throws what is no answer. */
export async function refusedPlan(
  db: Database,
  { service, environment }: Place,
  error: unknown,
): Promise<Problem> {
  if (isClusterError(error))
    return { message: error.message, next: 'See the state of the cluster, then ask for the plan again.' };
  if (!isOpsError(error)) throw error;
  const { message, next } = error;
  const running = error.code === 'precondition' ? await runningHere(db, { service, environment }) : [];
  if (running.length === 0) return { message, ...(next === undefined ? {} : { next }) };
  // What a change has half done looks like what nobody finished: the advice for that would undo it.
  const first = `${running.join(', ')} ${running.length === 1 ? 'is' : 'are'} being carried out for this service, which may be why: ask again when it has ended.`;
  return { message, next: next === undefined ? first : `${first} If that is not why: ${next}` };
}

async function runningHere(db: Database, place: Place): Promise<string[]> {
  const rows = await db.change.findMany({
    where: { ...place, state: { in: [...executingStates] } },
    select: { number: true },
    orderBy: { number: 'asc' },
  });
  return rows.map(({ number }) => changeId(number));
}
