import { checkArchives } from './archive-rules';
import { checkBudgets } from './budget-rules';
import { checkDatabases } from './database-rules';
import type { Explained } from './explain';
import { checkPairs } from './pair-rules';
import { checkPolicies } from './policy-rules';
import type { Config } from './schema';
import { checkSlis } from './sli-rules';
import { checkSlos } from './slo-rules';
import { didYouMean } from './suggest';
import { checkTiming } from './timing-rules';

type Path = (string | number)[];

/** What the shapes cannot say: every id is unique, every name that is used exists, and the parts fit together. */
export function checkReferences(config: Config): Explained[] {
  return [
    ...checkUnique(config),
    ...config.clusters.flatMap((cluster, index) =>
      reference(cluster.region, ids(config.regions), 'region', ['clusters', index, 'region']),
    ),
    ...checkSources(config),
    ...checkRegistries(config),
    ...checkServices(config),
    ...checkPairs(config),
    ...checkDatabases(config),
    ...checkArchives(config),
    ...checkSlis(config),
    ...checkSlos(config),
    ...reference(config.status.environment, ids(config.environments), 'environment', [
      'status',
      'environment',
    ]),
    ...checkPolicies(config),
    ...checkBudgets(config),
    ...checkTiming(config),
  ];
}

export const ids = (items: readonly { id: string }[]): string[] => items.map((item) => item.id);

/** A problem when `name` is not among the known ones. */
export function reference(name: string, known: readonly string[], noun: string, path: Path): Explained[] {
  return known.includes(name)
    ? []
    : [{ path, message: `the ${noun} ${name} does not exist.`, hint: didYouMean(name, known) }];
}

function checkUnique(config: Config): Explained[] {
  const lists: [readonly { id: string }[], Path, string][] = [
    [config.environments, ['environments'], 'environment'],
    [config.regions, ['regions'], 'region'],
    [config.clusters, ['clusters'], 'cluster'],
    [config.sources.prometheus, ['sources', 'prometheus'], 'Prometheus source'],
    [config.sources.alertmanager, ['sources', 'alertmanager'], 'Alertmanager source'],
    [config.sources.loki, ['sources', 'loki'], 'Loki source'],
    [config.services, ['services'], 'service'],
    [config.databases, ['databases'], 'database'],
    [config.slos, ['slos'], 'SLO'],
    [config.policies, ['policies'], 'policy'],
    [config.notifications.webhooks, ['notifications', 'webhooks'], 'webhook'],
  ];
  return lists.flatMap(([items, path, noun]) =>
    items.flatMap((item, index) =>
      items.findIndex((other) => other.id === item.id) === index
        ? []
        : [
            {
              path: [...path, index, 'id'],
              message: `the ${noun} ${item.id} is defined twice.`,
              hint: 'Give one of them another id.',
            },
          ],
    ),
  );
}

function checkSources({ sources, environments, regions }: Config): Explained[] {
  const kinds = [
    ['prometheus', sources.prometheus],
    ['alertmanager', sources.alertmanager],
    ['loki', sources.loki],
  ] as const;
  return kinds.flatMap(([kind, list]) =>
    list.flatMap((source, index) => [
      ...(source.environments ?? []).flatMap((name, n) =>
        reference(name, ids(environments), 'environment', ['sources', kind, index, 'environments', n]),
      ),
      ...(source.regions ?? []).flatMap((name, n) =>
        reference(name, ids(regions), 'region', ['sources', kind, index, 'regions', n]),
      ),
      ...(source.bearerToken !== undefined && source.basicAuth !== undefined
        ? [
            {
              path: ['sources', kind, index, 'basicAuth'],
              message: 'a source cannot have both bearerToken and basicAuth.',
              hint: 'Keep the one that the server asks for.',
            },
          ]
        : []),
    ]),
  );
}

function checkRegistries({ registries }: Config): Explained[] {
  return registries.flatMap((registry, index) => [
    ...(registries.findIndex(({ host }) => host === registry.host) === index
      ? []
      : [
          {
            path: ['registries', index, 'host'],
            message: `the registry ${registry.host} is defined twice.`,
            hint: 'Keep one of them.',
          },
        ]),
    ...(registry.bearerToken !== undefined && registry.basicAuth !== undefined
      ? [
          {
            path: ['registries', index, 'basicAuth'],
            message: 'a registry cannot have both bearerToken and basicAuth.',
            hint: 'Keep the one that the server asks for.',
          },
        ]
      : []),
  ]);
}

function checkServices(config: Config): Explained[] {
  const owner = new Map<string, string>();
  return config.services.flatMap((service, index) =>
    Object.entries(service.placements).flatMap(([environment, placements]) => {
      const path: Path = ['services', index, 'placements', environment];
      const known = reference(environment, ids(config.environments), 'environment', path).map((problem) => ({
        ...problem,
        path: path.slice(0, -1),
        key: environment,
      }));
      const regions = new Set<string>();
      const rows = placements.flatMap((placement, n) => {
        const workload = `${placement.cluster}/${placement.namespace}/${placement.deployment}`;
        const taken = owner.get(workload);
        owner.set(workload, `${service.id} in ${environment}`);
        const twice = regions.has(placement.region);
        regions.add(placement.region);
        return [
          ...reference(placement.region, ids(config.regions), 'region', [...path, n, 'region']),
          ...checkCluster(config, placement, [...path, n]),
          ...(twice
            ? [
                {
                  path: [...path, n, 'region'],
                  message: `${service.id} has two placements in region ${placement.region} of ${environment}.`,
                  hint: 'One Deployment runs a service in a region.',
                },
              ]
            : []),
          ...(taken === undefined
            ? []
            : [
                {
                  path: [...path, n, 'deployment'],
                  message: `the Deployment ${workload} already belongs to ${taken}.`,
                  hint: 'A Deployment runs one service in one environment.',
                },
              ]),
        ];
      });
      return [...known, ...rows];
    }),
  );
}

function checkCluster(
  config: Config,
  placement: { cluster: string; region: string },
  path: Path,
): Explained[] {
  const cluster = config.clusters.find((candidate) => candidate.id === placement.cluster);
  if (cluster === undefined)
    return reference(placement.cluster, ids(config.clusters), 'cluster', [...path, 'cluster']);
  if (cluster.region === placement.region) return [];
  const fitting = config.clusters
    .filter((candidate) => candidate.region === placement.region)
    .map((candidate) => candidate.id);
  return [
    {
      path: [...path, 'cluster'],
      message: `the cluster ${cluster.id} is in region ${cluster.region}, not in ${placement.region}.`,
      hint:
        fitting.length === 0
          ? `No cluster is in ${placement.region}.`
          : `Use ${fitting.join(' or ')}, or region ${cluster.region}.`,
    },
  ];
}
