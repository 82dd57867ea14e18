import type { Explained } from './explain';
import { jobClusterOf } from './job-place';
import type { Config } from './schema';
import { didYouMean } from './suggest';

type Path = (string | number)[];

const ids = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id);
const reference = (name: string, known: readonly string[], noun: string, path: Path): Explained[] =>
  known.includes(name)
    ? []
    : [{ path, message: `the ${noun} ${name} does not exist.`, hint: didYouMean(name, known) }];

/**
 * Databases: every name they use exists, and a service has one in an environment and region at most, so that its page
 * can show the one it uses there.
 */
export function checkDatabases(config: Config): Explained[] {
  const owner = new Map<string, string>();
  return config.databases.flatMap((database, index) => {
    const path: Path = ['databases', index];
    const { service, environment, region } = database;
    return [
      ...reference(environment, ids(config.environments), 'environment', [...path, 'environment']),
      ...reference(region, ids(config.regions), 'region', [...path, 'region']),
      ...(service === undefined
        ? []
        : [
            ...reference(service, ids(config.services), 'service', [...path, 'service']),
            ...checkPlace(config, { service, environment, region }, path),
            ...checkOwner(owner, { id: database.id, service, environment, region }, path),
          ]),
      ...checkJob(config, database, path),
    ];
  });
}

type Place = { service: string; environment: string; region: string };

/** A service that runs elsewhere has no page on which its database would stand. */
function checkPlace(config: Config, { service, environment, region }: Place, path: Path): Explained[] {
  const found = config.services.find(({ id }) => id === service);
  const isKnown = ids(config.environments).includes(environment) && ids(config.regions).includes(region);
  if (found === undefined || !isKnown) return [];
  const placements = found.placements[environment] ?? [];
  if (placements.some((placement) => placement.region === region)) return [];
  const places = Object.entries(found.placements).flatMap(([name, all]) =>
    all.map((placement) => `${name}, ${placement.region}`),
  );
  return [
    {
      path: [...path, 'service'],
      message: `${service} does not run in ${environment}, ${region}.`,
      hint: places.length === 0 ? 'It is placed nowhere.' : `It runs in: ${places.join('; ')}.`,
    },
  ];
}

function checkOwner(
  owner: Map<string, string>,
  { id, service, environment, region }: Place & { id: string },
  path: Path,
): Explained[] {
  const key = `${service}/${environment}/${region}`;
  const taken = owner.get(key);
  owner.set(key, taken ?? id);
  if (taken === undefined) return [];
  return [
    {
      path: [...path, 'service'],
      message: `${service} already has the database ${taken} in ${environment}, ${region}.`,
      hint: 'Leave service out for a second one: it is looked after all the same, without a tab of the service.',
    },
  ];
}

/** A Job is made in one cluster: the one that is named, or the one that follows from the rest. */
function checkJob(config: Config, database: Config['databases'][number], path: Path): Explained[] {
  const job = database.backup?.job;
  if (job === undefined) return [];
  const at: Path = [...path, 'backup', 'job'];
  if (job.cluster !== undefined)
    return reference(job.cluster, ids(config.clusters), 'cluster', [...at, 'cluster']);
  if (jobClusterOf(config, database) !== null) return [];
  return [
    {
      path: at,
      message: `in which cluster the Job is made does not follow from ${database.region}.`,
      hint: `Name one under cluster: ${ids(config.clusters).join(', ')}.`,
    },
  ];
}
