import 'server-only';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { changeNumber } from '@/lib/core/ids';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { DeployPlan } from './contract';
import { parseChange, type StoredChange } from './stored';
import { changeTitle, whatOf } from './words';

/** Throws OpsError `not-found`. */
export async function readChange(db: DatabaseOrTransaction, id: string): Promise<StoredChange> {
  const row = await db.change.findUnique({ where: { number: changeNumber(id) } });
  if (row !== null) return parseChange(row);
  throw new OpsError('not-found', `There is no change ${id}.`, {
    next: 'Look it up in the list of changes.',
  });
}

/** A worker counts as alive while its heartbeat is younger than the lease. */
export async function workerAlive(db: DatabaseOrTransaction, leaseSeconds: number): Promise<boolean> {
  const rows = await db.$queryRaw<{ alive: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM worker
      WHERE heartbeat_at > app.now() - ${leaseSeconds}::double precision * interval '1 s') AS alive`;
  return rows[0]?.alive ?? false;
}

export const serviceName = (config: Config, service: string): string =>
  config.services.find(({ id }) => id === service)?.name ?? service;

export const serviceTitle = (config: Config, plan: DeployPlan): string =>
  changeTitle(serviceName(config, plan.service), whatOf(plan));
