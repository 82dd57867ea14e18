import { checkArchiving } from '@/lib/archive/check-setup';
import { checkBackups } from '@/lib/backup/check-setup';
import { readConfig } from '@/lib/config/load';
import type { Config } from '@/lib/config/schema';
import type { Cluster } from '@/lib/config/sources';
import { checkDatabases } from '@/lib/database/check';
import { checkIndicators } from '@/lib/service/sli/check';
import { checkAdopted } from '@/lib/slo/adopted/check-adopted';
import { checkObjectives } from '@/lib/slo/define/check';
import { describeRight, type Impersonated, mayI, type Right, somebody } from './cluster-access';
import { checkBackupJobs } from './job-check';
import { checkRouters, routerResources } from './router-check';
import { attempt, checkSources, type Finding } from './source-check';

const readable: readonly Omit<Right, 'verb' | 'namespace'>[] = [
  { resource: 'pods' },
  { resource: 'events' },
  { group: 'apps', resource: 'deployments' },
  { group: 'apps', resource: 'replicasets' },
];
const marks = { ok: '✓', wrong: '✗', note: '!' } as const;

/** Prints a line for each thing that was tried; 1 when something cannot be used as it must be. */
export async function runCheck(file: string): Promise<number> {
  const source = readConfig(file);
  const { config } = source;
  const clusters = config.clusters.map((cluster) => checkCluster(config, cluster));
  const findings = [
    ...(await checkSources(config)),
    ...(await Promise.all(clusters)).flat(),
    ...(await checkRouters(config)),
    ...(await checkDatabases(config)),
    ...(await checkBackups(config)),
    ...(await checkBackupJobs(config)),
    ...(await checkArchiving(source)),
    ...(await checkIndicators(config)),
    ...(await checkObjectives(config)),
    ...(await checkAdopted(config)),
  ];
  for (const { state, subject, says } of findings) console.log(`${marks[state]} ${subject}: ${says}`);
  const wrong = findings.filter(({ state }) => state === 'wrong').length;
  console.log(
    wrong === 0
      ? 'Every source can be used, and every objective measured.'
      : `${wrong} of ${findings.length} checks failed.`,
  );
  return wrong === 0 ? 0 : 1;
}

async function checkCluster(config: Config, cluster: Cluster): Promise<Finding[]> {
  const namespaces = [
    ...new Set(
      config.services
        .flatMap((service) => Object.values(service.placements).flat())
        .filter((placement) => placement.cluster === cluster.id)
        .map((placement) => placement.namespace),
    ),
  ];
  const routers = routerResources(config, cluster.id);
  // The old pods of a pair are held while a change may go back.
  const paired = new Set(routers.flatMap(({ namespace }) => namespace ?? []));
  const scalers: Right[] = [...paired].map((namespace) => ({
    verb: 'patch',
    group: 'autoscaling',
    resource: 'horizontalpodautoscalers',
    namespace,
  }));
  const looks = ['list', 'watch'];
  const reads: Right[] = [
    ...namespaces.flatMap((namespace) =>
      readable.flatMap((right) => looks.map((verb) => ({ ...right, verb, namespace }))),
    ),
    ...routers.flatMap((right) => ['get', ...looks].map((verb) => ({ ...right, verb }))),
  ];
  const writes: Right[] = [
    ...namespaces.map((namespace) => ({ verb: 'patch', group: 'apps', resource: 'deployments', namespace })),
    ...routers.map((right) => ({ ...right, verb: 'patch' })),
    ...scalers,
  ];
  const secrets: Right[] = namespaces.map((namespace) => ({ verb: 'get', resource: 'secrets', namespace }));
  const web = `Cluster ${cluster.id}, account of the web`;
  const worker = `Cluster ${cluster.id}, account of the worker`;
  const groups = [
    attempt(web, () => expectRights(cluster, cluster.web, web, reads, true)),
    attempt(web, () =>
      expectRights(
        cluster,
        cluster.web,
        web,
        [...writes, ...secrets, impersonate('users'), impersonate('groups')],
        false,
      ),
    ),
    attempt(worker, () =>
      expectRights(
        cluster,
        cluster.worker,
        worker,
        [...reads, impersonate('users'), impersonate('groups')],
        true,
      ),
    ),
    attempt(worker, () => expectRights(cluster, cluster.worker, worker, writes, false)),
    attempt(worker, () =>
      expectRights(cluster, cluster.worker, `${worker} for ${somebody.group}`, writes, true, somebody),
    ),
  ];
  return (await Promise.all(groups)).flat();
}

const impersonate = (resource: 'users' | 'groups'): Right => ({
  verb: 'impersonate',
  resource,
  ...(resource === 'groups' ? { name: somebody.group } : {}),
});

/** Asks for each right. What is missing, or held although it must not be, is one finding that names all of it. */
async function expectRights(
  cluster: Cluster,
  access: Cluster['web'],
  subject: string,
  rights: Right[],
  wanted: boolean,
  as?: Impersonated,
): Promise<Finding[]> {
  const answers = await Promise.all(
    rights.map(async (right) => ({ right, allowed: await mayI(cluster, access, right, as) })),
  );
  const off = answers.filter(({ allowed }) => allowed !== wanted).map(({ right }) => describeRight(right));
  const all = [...new Set(rights.map(({ verb, resource }) => `${verb} ${resource}`))].join(', ');
  if (off.length === 0)
    return [{ state: 'ok', subject, says: `${wanted ? 'may' : 'may not, as it should be,'} ${all}.` }];
  return [
    { state: 'wrong', subject, says: `${wanted ? 'may not' : 'may, but must not,'} ${off.join('; ')}.` },
  ];
}
