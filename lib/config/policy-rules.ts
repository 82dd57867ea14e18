import { type ChangeKind, changeKinds } from '@/lib/core/change-kind';
import type { Explained } from './explain';
import type { Policy } from './policy';
import type { Config } from './schema';
import type { Service } from './service';
import { didYouMean } from './suggest';

export const PRODUCTION = 'production';

/** The first policy that matches (trust.md 1.4); null when none does. */
export function matchPolicy(
  policies: readonly Policy[],
  action: ChangeKind,
  environment: string,
  service: string,
): Policy | null {
  const fits = (list: readonly string[], name: string) => list.includes('*') || list.includes(name);
  return (
    policies.find(
      ({ match }) =>
        fits(match.actions, action) && fits(match.environments, environment) && fits(match.services, service),
    ) ?? null
  );
}

/**
 * Every deploy has a policy, each sign-off another role, nobody of the requesters alone can sign, and production
 * is never easier than elsewhere: fewer sign-offs there than in another environment of the same service are refused.
 */
export function checkPolicies(config: Config): Explained[] {
  return [
    ...config.policies.flatMap((policy, index) => checkPolicy(config, policy, index)),
    ...checkCovered(config),
    ...checkFloor(config),
  ];
}

function checkPolicy(config: Config, policy: Policy, index: number): Explained[] {
  const names = (list: readonly string[], known: readonly string[], noun: string, key: string) =>
    list.flatMap((name, n) =>
      name === '*' || known.includes(name)
        ? []
        : [
            {
              path: ['policies', index, 'match', key, n],
              message: `the ${noun} ${name} does not exist.`,
              hint: didYouMean(name, known),
            },
          ],
    );
  const at = (key: string, n?: number) => ['policies', index, key, ...(n === undefined ? [] : [n])];
  return [
    ...names(
      policy.match.environments,
      config.environments.map(({ id }) => id),
      'environment',
      'environments',
    ),
    ...names(
      policy.match.services,
      config.services.map(({ id }) => id),
      'service',
      'services',
    ),
    ...policy.signOffs.flatMap((role, n) =>
      policy.signOffs.indexOf(role) === n
        ? []
        : [
            {
              path: at('signOffs', n),
              message: `the role ${role} signs twice.`,
              hint: 'Each sign-off is by another role.',
            },
          ],
    ),
    ...policy.signOffs.flatMap((role, n) =>
      role === 'admin' || role === 'stakeholder'
        ? [
            {
              path: at('signOffs', n),
              message: `the role ${role} does not sign changes.`,
              hint: 'Name leads or sre.',
            },
          ]
        : [],
    ),
    ...(policy.signOffTtl !== undefined && policy.signOffTtl <= 0
      ? [
          {
            path: at('signOffTtl'),
            message: 'sign-offs that expire at once can never be used.',
            hint: 'Use a duration such as 4h.',
          },
        ]
      : []),
  ];
}

function checkCovered(config: Config): Explained[] {
  return config.services.flatMap((service, index) =>
    Object.keys(service.placements).flatMap((environment) =>
      matchPolicy(config.policies, 'deploy', environment, service.id) === null
        ? [
            {
              path: ['services', index, 'placements'],
              key: environment,
              message: `no policy covers a deploy of ${service.id} in ${environment}.`,
              hint: 'Add a policy that matches it, or one with environments: ["*"] as the last.',
            },
          ]
        : [],
    ),
  );
}

function checkFloor(config: Config): Explained[] {
  return config.services.flatMap((service) => {
    if (service.placements[PRODUCTION] === undefined) return [];
    const found = changeKinds.flatMap((kind) => floorOf(config, service, kind));
    // One policy covers several kinds, and is wrong once.
    return [...new Map(found.map((one) => [JSON.stringify([one.path, one.message]), one])).values()];
  });
}

function floorOf(config: Config, service: Service, kind: ChangeKind): Explained[] {
  const production = matchPolicy(config.policies, kind, PRODUCTION, service.id);
  if (production === null) return [];
  return Object.keys(service.placements).flatMap((environment) => {
    const other = matchPolicy(config.policies, kind, environment, service.id);
    if (other === null || environment === PRODUCTION || other.signOffs.length <= production.signOffs.length)
      return [];
    return [
      {
        path: ['policies', config.policies.indexOf(production), 'signOffs'],
        message: `production of ${service.id} needs ${production.signOffs.length} sign-offs, but ${environment} needs ${other.signOffs.length}.`,
        hint: `Production may not be weaker: ask for at least ${other.signOffs.length} here.`,
      },
    ];
  });
}
