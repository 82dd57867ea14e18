import { type GateKind, gateKinds } from '@/lib/slo/gate/model';
import type { Explained } from './explain';
import type { Policy } from './policy';
import { levelRoles, type PolicyBudget } from './policy-budget';
import { matchPolicy, PRODUCTION } from './policy-rules';
import type { Config } from './schema';
import type { Service } from './service';
import type { Slo } from './slo';
import { didYouMean } from './suggest';

type Path = (string | number)[];

/** What the budget part of a policy needs: objectives that it can judge, roles that sign more, levels that can be reached. */
export const checkBudgets = (config: Config): Explained[] => [
  ...config.policies.flatMap((policy, index) => {
    const { budget } = policy;
    if (budget === undefined) return [];
    const path = ['policies', index, 'budget'];
    return [
      ...checkObjectives(config, policy, budget, path),
      ...budget.levels.flatMap((_, level) => checkLevel(policy, budget, level, [...path, 'levels', level])),
      ...(['unknown', 'burning'] as const).flatMap((key) =>
        budget[key] === 'sign-off' && levelRoles(budget).length === 0
          ? [
              {
                path: [...path, key],
                message: 'no level names a role that could sign for it.',
                hint: 'Name signOffs in a level, or use allow or refuse.',
              },
            ]
          : [],
      ),
    ];
  }),
  ...checkFloor(config),
];

/** Production is never easier than elsewhere: where another environment of a service asks the budget, it does too. */
function checkFloor(config: Config): Explained[] {
  return config.services.flatMap((service): Explained[] => {
    const found = gateKinds.flatMap((kind) => floorOf(config, service, kind));
    // One policy covers several kinds, and is wrong once.
    return [...new Map(found.map((one) => [JSON.stringify([one.path, one.message]), one])).values()];
  });
}

function floorOf(config: Config, service: Service, kind: GateKind): Explained[] {
  const of = (environment: string) => matchPolicy(config.policies, kind, environment, service.id);
  const production = of(PRODUCTION);
  if (production === null || production.budget !== undefined) return [];
  const elsewhere = Object.keys(service.placements).find((one) => of(one)?.budget !== undefined);
  if (service.placements[PRODUCTION] === undefined || elsewhere === undefined) return [];
  return [
    {
      path: ['policies', config.policies.indexOf(production)],
      message: `production of ${service.id} does not ask the error budget, but ${elsewhere} does.`,
      hint: 'Production may not be weaker: give this policy a budget too.',
    },
  ];
}

/**
 * Whether a deploy under this policy can be one of the objective's service, where the objective holds. One whose own
 * names are wrong is told by slo-rules.ts, and is no second problem here.
 */
function covers(config: Config, { match }: Policy, slo: Slo): boolean {
  const fits = (list: readonly string[], name: string) => list.includes('*') || list.includes(name);
  const placements = config.services.find(({ id }) => id === slo.service)?.placements;
  const runs = Object.keys(placements ?? {});
  const holds = slo.environments ?? runs;
  if (placements === undefined || holds.some((environment) => !runs.includes(environment))) return true;
  return (
    fits(match.services, slo.service) && holds.some((environment) => fits(match.environments, environment))
  );
}

function checkObjectives(config: Config, policy: Policy, budget: PolicyBudget, path: Path): Explained[] {
  const covered = config.slos.filter((slo) => covers(config, policy, slo)).map(({ id }) => id);
  if (budget.slos === undefined) {
    if (covered.length > 0) return [];
    const message = `the policy ${policy.id} covers no objective, so its budget would never be asked.`;
    return [{ path, message, hint: 'Add an SLO of such a service, or take budget away.' }];
  }
  return budget.slos.flatMap((id, n): Explained[] => {
    if (covered.includes(id)) return [];
    const exists = config.slos.some((slo) => slo.id === id);
    const message = exists
      ? `the SLO ${id} is of no service and environment that the policy ${policy.id} covers.`
      : `the SLO ${id} does not exist.`;
    return [{ path: [...path, 'slos', n], message, hint: didYouMean(id, covered) }];
  });
}

function checkLevel(policy: Policy, { levels }: PolicyBudget, index: number, path: Path): Explained[] {
  const level = levels[index];
  if (level === undefined) return [];
  const below = Number(level.below);
  const problems: Explained[] = [];
  if (levels.findIndex((other) => Number(other.below) === below) < index) {
    problems.push({
      path: [...path, 'below'],
      message: `there are two levels below ${level.below} %.`,
      hint: 'Write what holds there in one of them.',
    });
  }
  const closed = levels.find((other) => other !== level && other.refuse && Number(other.below) > below);
  if (closed !== undefined) {
    problems.push({
      path: [...path, 'below'],
      message: `below ${closed.below} % every deploy is refused already, so this level changes nothing.`,
      hint: `Choose more than ${closed.below}.`,
    });
  }
  for (const [n, role] of (level.signOffs ?? []).entries()) {
    const at = [...path, 'signOffs', n];
    if (role === 'admin' || role === 'stakeholder') {
      const message = `the role ${role} does not sign changes.`;
      problems.push({ path: at, message, hint: 'Name leads or sre.' });
    } else if (policy.signOffs.includes(role)) {
      const message = `the role ${role} signs under the policy ${policy.id} already.`;
      problems.push({ path: at, message, hint: 'Name a role that signs beside those, or use refuse.' });
    } else if (level.signOffs?.indexOf(role) !== n) {
      problems.push({ path: at, message: `the role ${role} signs twice.`, hint: 'Name it once.' });
    }
  }
  return problems;
}
