import { changeStates, executingStates } from '@/lib/change/model';
import { gauge } from '@/lib/core/metrics';
import type { Database } from '@/lib/db/client';
import type { Job } from '../job';

/**
 * What of the changes says whether the workers do their work: one that is alive and idle beside a change that is due
 * is seen in nothing else (change-engine.md 4, 33). Each worker counts all of them, so rules take the maximum.
 */
export async function measureChanges(db: Database): Promise<void> {
  const rows = await db.$queryRaw<{ state: string; count: number; overdue: number | null }[]>`
    SELECT state, count(*)::int AS count,
      max(extract(epoch FROM app.now() - due_at)::float8)
        FILTER (WHERE state = ANY(${[...executingStates]}) AND due_at <= app.now() AND (lease_until IS NULL OR lease_until < app.now()))
        AS overdue
    FROM change WHERE finished_at IS NULL GROUP BY state`;
  const changes = gauge({
    name: 'signalbox_changes',
    help: 'Changes that have not ended, by state',
    labels: ['state'],
  });
  for (const state of changeStates)
    changes.labels(state).set(rows.find((row) => row.state === state)?.count ?? 0);
  gauge({
    name: 'signalbox_change_overdue_seconds',
    help: 'How long the change that waits longest for a worker has been due; 0 when none waits',
  }).set(Math.max(0, ...rows.map(({ overdue }) => overdue ?? 0)));
}

export const countChanges: Job = {
  name: 'measure-changes',
  everySeconds: 15,
  topics: [],
  run: ({ db }) => measureChanges(db),
};
