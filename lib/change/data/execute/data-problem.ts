import type { Config } from '@/lib/config/schema';
import type { DeployPlan } from '../../plan-contract';
import type { Data } from '../contract';
import { dataCan } from '../plan/find-database';

/**
 * Why signalbox.yaml does not fit the plan of a change of a database any more; null when it does. The cluster is not
 * asked: a copy is as good whatever has been deployed since.
 */
export function dataProblem(
  { databases }: Pick<Config, 'databases'>,
  plan: Pick<DeployPlan, 'service' | 'environment' | 'region'>,
  data: Data,
): string | null {
  const { service, environment, region } = plan;
  const found = databases.find(
    (one) =>
      one.id === data.database &&
      one.service === service &&
      one.environment === environment &&
      one.region === region,
  );
  if (found === undefined) return `${data.database} is no database of ${service} in ${region} any more.`;
  const refusal = dataCan[data.do](found);
  if (refusal !== null) return `${refusal.why} Ask for a new plan after that.`;
  const noScratch = data.do === 'backup' && data.level === 4 && found.backup?.scratch === undefined;
  return noScratch
    ? `${data.name} has no scratch server any more, so that no copy reaches L4. Ask for a new plan.`
    : null;
}
