import type { Explained } from './explain';
import type { Config } from './schema';
import type { Service } from './service';
import { guideSlis, type LevelSliId, levelSliIds, type SliUnit } from './sli-guide';
import { type ChangeKey, changeLimits, type LevelKey, levelLimits, type SliOrigin } from './sli-limits';
import { didYouMean } from './suggest';

type Path = (string | number)[];

/** What the shapes of `services[].slis` cannot say: limits in order, environments that exist, series that fit. */
export function checkSlis(config: Config): Explained[] {
  return config.services.flatMap((service, index) => {
    const path: Path = ['services', index, 'slis'];
    return [
      ...checkEnvironments(config, service, path),
      ...checkBindings(service, path),
      ...checkOrders(service, path),
    ];
  });
}

function checkEnvironments(config: Config, service: Service, path: Path): Explained[] {
  const runs = Object.keys(service.placements);
  return Object.entries(service.slis).flatMap(([id, { environments }]) =>
    Object.keys(environments).flatMap((name): Explained[] => {
      if (runs.includes(name)) return [];
      const message = config.environments.some((known) => known.id === name)
        ? `${service.id} does not run in ${name}.`
        : `the environment ${name} does not exist.`;
      return [{ path: [...path, id, 'environments'], key: name, message, hint: didYouMean(name, runs) }];
    }),
  );
}

/** The two series of an indicator that is a share, by their keys. */
const pairs = {
  cpu: ['used', 'limit'],
  memory: ['used', 'limit'],
  connections: ['used', 'limit'],
  'disk-io-wait': ['waited', 'all'],
  'cache-hits': ['hits', 'misses'],
} as const;

function checkBindings(service: Service, path: Path): Explained[] {
  const { slis } = service;
  return [
    ...checkPair(service, 'cpu', [slis.cpu.used, slis.cpu.limit], path),
    ...checkPair(service, 'memory', [slis.memory.used, slis.memory.limit], path),
    ...checkPair(service, 'connections', [slis.connections.used, slis.connections.limit], path),
    ...checkPair(service, 'disk-io-wait', [slis['disk-io-wait'].waited, slis['disk-io-wait'].all], path),
    ...checkPair(service, 'cache-hits', [slis['cache-hits'].hits, slis['cache-hits'].misses], path),
  ];
}

function checkPair(
  service: Service,
  id: keyof typeof pairs,
  series: readonly [object | undefined, object | undefined],
  path: Path,
): Explained[] {
  const [first, second] = pairs[id];
  const [hasFirst, hasSecond] = series.map((one) => one !== undefined);
  const { gauge } = service.slis[id];
  const at = [...path, id];
  if (hasFirst !== hasSecond) {
    const there = hasFirst ? first : second;
    const lacks = hasFirst ? second : first;
    const message = `${there} needs ${lacks} beside it: the indicator is a share of both.`;
    return [{ path: [...at, there], message, hint: `Add ${lacks}: {metric: …}.` }];
  }
  if (gauge === undefined) return [];
  if (hasFirst) {
    const message = `the indicator has both a gauge and series of its own.`;
    return [{ path: [...at, 'gauge'], message, hint: `Keep gauge, or ${first} and ${second}.` }];
  }
  const known = service.metrics.gauges;
  const found = known.find((one) => one.id === gauge);
  if (found === undefined) {
    const names = known.map((one) => one.id);
    const message = `${service.id} has no gauge ${gauge} in its metrics.`;
    return [{ path: [...at, 'gauge'], message, hint: didYouMean(gauge, names) }];
  }
  if (found.limit !== undefined || found.unit === 'ratio') return [];
  const message = `the gauge ${gauge} is a number of ${found.unit}, and the indicator is a share.`;
  return [{ path: [...at, 'gauge'], message, hint: 'Give the gauge a limit, or the unit ratio.' }];
}

/** Two limits that must stand in order: `less` below `more`, or at most equal to it. */
type Order = {
  less: { key: string; value: number; origin: SliOrigin };
  more: { key: string; value: number; origin: SliOrigin };
  mayEqual: boolean;
};

function checkOrders(service: Service, path: Path): Explained[] {
  const runs = Object.keys(service.placements);
  const levels = levelSliIds.flatMap((id) => {
    const { unit, limits } = guideSlis[id];
    const hint =
      limits.kind === 'above'
        ? 'Lower is worse here: target, warning and critical fall.'
        : 'Higher is worse here: target, warning and critical rise.';
    return everywhere(service, id, runs).flatMap(({ at, of }) =>
      ordersOf(of).flatMap((order) => problem(order, [...path, ...at], unit, hint)),
    );
  });
  const changes = ['', ...runs].flatMap((environment) => {
    const { limits, origins } = changeLimits(service, environment);
    const at =
      environment === '' ? [...path, 'requests'] : [...path, 'requests', 'environments', environment];
    const isOwn = (origin: SliOrigin) => environment === '' || origin === 'environment';
    return (['up', 'down'] as const).flatMap((side) => {
      const limit = (key: ChangeKey) => ({ key, value: limits[side][key], origin: origins[side][key] });
      const order = { less: limit('warning'), more: limit('critical'), mayEqual: false };
      if (!isOwn(order.less.origin) && !isOwn(order.more.origin)) return [];
      return problem(
        order,
        [...at, side],
        'ratio',
        'A change is a warning first, then critical. Traffic cannot fall by more than 100%.',
      );
    });
  });
  return [...levels, ...changes];
}

/** The limits of the service, and those of the environments that have some of their own. */
function everywhere(service: Service, id: LevelSliId, runs: readonly string[]) {
  const own = Object.keys(service.slis[id].environments).filter((name) => runs.includes(name));
  return [
    { at: [id], of: levelLimits(service, id, '') },
    ...own.map((name) => ({ at: [id, 'environments', name], of: levelLimits(service, id, name) })),
  ];
}

function ordersOf({ limits, origins }: ReturnType<typeof levelLimits>): Order[] {
  const limit = (key: LevelKey) => ({ key, value: limits[key] ?? 0, origin: origins[key] });
  const [target, warning, critical] = [limit('target'), limit('warning'), limit('critical')];
  if (limits.kind === 'above') {
    return [
      { less: warning, more: target, mayEqual: true },
      { less: critical, more: warning, mayEqual: false },
    ];
  }
  return [
    ...(limits.low === null ? [] : [{ less: limit('low'), more: target, mayEqual: false }]),
    { less: target, more: warning, mayEqual: true },
    { less: warning, more: critical, mayEqual: false },
  ];
}

function problem({ less, more, mayEqual }: Order, path: Path, unit: SliUnit, hint: string): Explained[] {
  const isEnvironment = path.includes('environments');
  const isWrong = mayEqual ? less.value > more.value : less.value >= more.value;
  // What the service got wrong is said at the service, once; an environment only answers for its own limits.
  const isOwn = !isEnvironment || less.origin === 'environment' || more.origin === 'environment';
  if (!isWrong || !isOwn) return [];
  const named = ({ key, value, origin }: Order['less']): string =>
    `${key} (${shown(value, unit)}${origin === 'guide' ? ', of guide 004' : isEnvironment && origin === 'service' ? ', of the service' : ''})`;
  const written = [more, less].find(({ origin }) =>
    isEnvironment ? origin === 'environment' : origin === 'service',
  );
  return [
    {
      path: written === undefined ? path : [...path, written.key],
      message: `${named(less)} must be below ${named(more)}${mayEqual ? ' or equal to it' : ''}.`,
      hint,
    },
  ];
}

const shown = (value: number, unit: SliUnit): string =>
  unit === 'ratio'
    ? `${Number((value * 100).toPrecision(6))}%`
    : `${Number((value * 1000).toPrecision(6))}ms`;
