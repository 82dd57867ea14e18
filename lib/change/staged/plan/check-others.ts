import 'server-only';
import type { Config } from '@/lib/config/schema';
import { changeId } from '@/lib/core/ids';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { serves } from '@/lib/service/placements';
import { DeployPlan } from '../../contract';
import { criticalAlerts } from '../../incident/open-incidents';
import { executingStates } from '../../model';
import { lockKeysOf } from '../../plan/lock-keys';
import { soon } from '../../plan/soon';
import { type Finding, pass, warn } from './check';

/** Changes that run or wait and want one of the same objects, whatever service they are about. */
export async function otherChanges(db: DatabaseOrTransaction, plan: DeployPlan): Promise<Finding> {
  const rows = await db.change.findMany({
    where: { state: { in: ['Approved', 'Queued', ...executingStates, 'ReconcileRequired'] } },
    select: { number: true, plan: true, service: true, cluster: true, namespace: true },
    orderBy: { number: 'asc' },
  });
  const mine = new Set(lockKeysOf(plan));
  const others = rows.filter(({ plan: stored, ...row }) => {
    const isSame =
      row.service === plan.service && row.cluster === plan.cluster && row.namespace === plan.target.namespace;
    const parsed = DeployPlan.safeParse(stored);
    return isSame || (parsed.success && lockKeysOf(parsed.data).some((key) => mine.has(key)));
  });
  if (others.length === 0) return pass('Nothing else is running or waiting on any object of this plan.');
  const names = others.map(({ number }) => changeId(number)).join(', ');
  return warn(
    `${names} come${others.length === 1 ? 's' : ''} first; this one would be number ${others.length + 1}. ` +
      'When one of them changes an object of this plan, it no longer fits and is voided.',
  );
}

/** Critical alerts of the service that fire now and speak: a change into a running incident makes two of it. */
export async function incidents(
  config: Config,
  plan: Pick<DeployPlan, 'kind' | 'service' | 'environment'>,
): Promise<Finding> {
  const service = config.services.find(({ id }) => id === plan.service);
  const sources = config.sources.alertmanager.filter((source) => serves(source, plan.environment, null));
  if (service === undefined || sources.length === 0) {
    return warn('Not known: no Alertmanager is configured for this environment.');
  }
  const where = { service, environment: plan.environment };
  const read = await soon(plan, criticalAlerts(config, where), null);
  if (read === null)
    return warn(
      'Not known: Alertmanager did not answer within a second, and a rollback waits no longer for it.',
    );
  const { firing, unread } = read;
  if (firing.length > 0) {
    const names = firing.map(({ name }) => name).sort();
    return warn(`Critical alerts of ${service.name} fire now: ${names.join(', ')}. End the incident first.`);
  }
  return unread === null
    ? pass(`No critical alert of ${service.name} fires.`)
    : warn(`Could not be checked: ${unread}`);
}
