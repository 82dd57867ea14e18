import { jobPlaceOf, jobPlaceText } from '@/lib/config/job-place';
import type { Config } from '@/lib/config/schema';
import type { DeployPlan } from '../../plan-contract';
import type { BackupData, Data } from '../contract';
import { dataCan } from '../plan/find-database';

/**
 * Why signalbox.yaml does not fit the plan of a change of a database any more; null when it does. The cluster is not
 * asked: a copy is as good whatever has been deployed since.
 */
export function dataProblem(
  config: Pick<Config, 'databases' | 'clusters' | 'services'>,
  plan: Pick<DeployPlan, 'service' | 'environment' | 'region'>,
  data: Data,
): string | null {
  const { service, environment, region } = plan;
  const found = config.databases.find(
    (one) =>
      one.id === data.database &&
      one.service === service &&
      one.environment === environment &&
      one.region === region,
  );
  if (found === undefined) return `${data.database} is no database of ${service} in ${region} any more.`;
  const refusal = dataCan[data.do](found);
  if (refusal !== null) return `${refusal.why} Ask for a new plan after that.`;
  const other = data.do === 'backup' ? otherWay(config, found, data) : null;
  if (other !== null) return other;
  const noScratch = data.do === 'backup' && data.level === 4 && found.backup?.scratch === undefined;
  return noScratch
    ? `${data.name} has no scratch server any more, so that no copy reaches L4. Ask for a new plan.`
    : null;
}

/** Who may make Jobs, and from what, is part of what was signed. */
function otherWay(
  config: Pick<Config, 'clusters' | 'services'>,
  database: Config['databases'][number],
  { name, job }: BackupData,
): string | null {
  const place = jobPlaceOf(config, database);
  const now = place === null ? undefined : jobPlaceText(place);
  if (now === job) return null;
  const by = (way: string | undefined): string => (way === undefined ? 'a worker' : `Jobs of ${way}`);
  return `Copies of ${name} are made by ${by(now)} now, and the plan says ${by(job)}. Ask for a new plan.`;
}
