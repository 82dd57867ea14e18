import { colours } from './colours';
import type { Explained } from './explain';
import type { Config } from './schema';
import type { Placement } from './service';
import type { Pair, Strategies, Traffic } from './traffic';

type Path = (string | number)[];
type Paired = { service: string; environment: string; placement: Placement; pair: Pair; path: Path };

/** What a colour pair must be to carry a change: two of everything, one of them the placement's own, one router. */
export function checkPairs(config: Config): Explained[] {
  const pairs = config.services.flatMap(({ id, placements }, index) =>
    Object.entries(placements).flatMap(([environment, list]) =>
      list.flatMap((placement, n): Paired[] => {
        const path = ['services', index, 'placements', environment, n];
        return placement.pair ? [{ service: id, environment, placement, pair: placement.pair, path }] : [];
      }),
    ),
  );
  return [
    ...pairs.flatMap(({ placement, pair, path }) => [
      ...checkMembers(placement, pair, path),
      ...checkBaseline(placement, pair, [...path, 'pair', 'baseline']),
      ...checkTraffic(pair, [...path, 'pair', 'traffic']),
    ]),
    ...checkOwners(config, pairs),
    ...checkRouters(pairs),
    ...checkWeights('canary', config.strategies.canary),
    ...checkWeights('gradual', config.strategies.gradual),
  ];
}

function checkMembers({ deployment }: Placement, { blue, green }: Pair, path: Path): Explained[] {
  const problems: Explained[] = [];
  if (blue.deployment !== deployment && green.deployment !== deployment) {
    problems.push({
      path: [...path, 'deployment'],
      message: `the Deployment ${deployment} is neither blue nor green of the pair.`,
      hint: `Name the one that serves when no change runs: ${blue.deployment} or ${green.deployment}.`,
    });
  }
  for (const member of ['deployment', 'service'] as const) {
    if (blue[member] !== green[member]) continue;
    const noun = member === 'deployment' ? 'Deployment' : 'Service';
    problems.push({
      path: [...path, 'pair', 'green', member],
      message: `blue and green are the same ${noun}, ${blue[member]}.`,
      hint: 'Each colour has its own: a new version must not touch the pods that serve.',
    });
  }
  return problems;
}

/** What a canary is compared with is neither colour, and only weights send it its part. */
function checkBaseline(
  placement: Placement,
  { blue, green, baseline, traffic }: Pair,
  path: Path,
): Explained[] {
  if (baseline === undefined) return [];
  const problems: Explained[] = [];
  if (traffic.kind === 'service' || traffic.kind === 'replicas') {
    problems.push({
      path,
      message: `a baseline gets its part of the requests by weights, and ${traffic.kind} has none.`,
      hint: 'Leave the baseline out, or send the requests by a virtual-service or an http-route.',
    });
  }
  const taken = {
    deployment: [blue.deployment, green.deployment, placement.deployment],
    service: [blue.service, green.service, traffic.name],
  };
  for (const member of ['deployment', 'service'] as const) {
    // A router of another kind may have the name of a Service.
    const names =
      member === 'service' && traffic.kind !== 'service' ? taken[member].slice(0, 2) : taken[member];
    if (!names.includes(baseline[member])) continue;
    const noun = member === 'deployment' ? 'Deployment' : 'Service';
    problems.push({
      path: [...path, member],
      message: `the ${noun} ${baseline[member]} of the baseline is that of a colour.`,
      hint: 'The baseline has pods of its own: those of a colour are neither as new nor as many.',
    });
  }
  return problems;
}

function checkTraffic({ blue, green, traffic }: Pair, path: Path): Explained[] {
  if (traffic.kind === 'service' || traffic.kind === 'replicas') {
    const colour = [blue, green].find(({ service }) => service === traffic.name);
    if (colour === undefined) return [];
    return [
      {
        path: [...path, 'name'],
        message: `the Service ${traffic.name} selects the pods of one colour alone, so it cannot send to the other.`,
        hint: 'Name the Service that clients of this service call.',
      },
    ];
  }
  const [weights, header] =
    traffic.kind === 'virtual-service'
      ? [traffic.route, traffic.headerRoute]
      : [traffic.rule, traffic.headerRule];
  if (weights !== header) return [];
  const key = traffic.kind === 'virtual-service' ? 'headerRoute' : 'headerRule';
  return [
    {
      path: [...path, key],
      message: `${key} is the one that has the weights, ${weights}.`,
      hint: 'Requests with x-canary need a route of their own; leave it out where there is none.',
    },
  ];
}

/** A Deployment that runs two services would be released by both. Own Deployments of placements are looked at elsewhere. */
function checkOwners(config: Config, pairs: readonly Paired[]): Explained[] {
  const owners = new Map<string, string>();
  for (const { id, placements } of config.services) {
    for (const [environment, list] of Object.entries(placements)) {
      for (const { cluster, namespace, deployment } of list)
        owners.set(`${cluster}/${namespace}/${deployment}`, `${id} in ${environment}`);
    }
  }
  return pairs.flatMap(({ service, environment, placement, pair, path }) =>
    [...colours, 'baseline' as const].flatMap((part) => {
      const { deployment } = pair[part] ?? {};
      if (deployment === undefined) return [];
      const workload = `${placement.cluster}/${placement.namespace}/${deployment}`;
      const taken = owners.get(workload);
      const mine = `${service} in ${environment}`;
      owners.set(workload, mine);
      if (deployment === placement.deployment || taken === undefined) return [];
      return [
        {
          path: [...path, 'pair', part, 'deployment'],
          message: `the Deployment ${workload} already belongs to ${taken}.`,
          hint: 'A Deployment runs one service in one environment.',
        },
      ];
    }),
  );
}

/** Two services that write the same rule of one router would take each other's requests. */
function checkRouters(pairs: readonly Paired[]): Explained[] {
  const owners = new Map<string, string>();
  return pairs.flatMap(({ service, environment, placement, pair, path }) => {
    const router = `${placement.cluster}/${placement.namespace}/${nameOf(pair.traffic)}`;
    const taken = owners.get(router);
    owners.set(router, `${service} in ${environment}`);
    if (taken === undefined) return [];
    return [
      {
        path: [...path, 'pair', 'traffic', 'name'],
        message: `${router} already sends the requests of ${taken}.`,
        hint: 'Give each service a route or rule of its own.',
      },
    ];
  });
}

function nameOf(traffic: Traffic): string {
  switch (traffic.kind) {
    case 'service':
    case 'replicas':
      return `Service/${traffic.name}`;
    case 'virtual-service':
      return `VirtualService/${traffic.name} route ${traffic.route}`;
    case 'http-route':
      return `HTTPRoute/${traffic.name} rule ${traffic.rule}`;
  }
}

function checkWeights(
  strategy: 'canary' | 'gradual',
  steps: Strategies['canary'] | Strategies['gradual'],
): Explained[] {
  return steps.flatMap(({ weight }, index) => {
    const before = steps[index - 1]?.weight ?? 0;
    if (weight > before) return [];
    return [
      {
        path: ['strategies', strategy, index, 'weight'],
        message: `a step to ${weight} % follows one of ${before} %.`,
        hint: 'The share of the new version rises from step to step; 100 % comes last by itself.',
      },
    ];
  });
}
