import type { Service } from './service';
import { guideSlis, type LevelSliId, type Levels } from './sli-guide';

/** Where a limit comes from: the guide's table, the service's configuration, or that for one environment. */
export type SliOrigin = 'guide' | 'service' | 'environment';
export type LevelKey = 'low' | 'target' | 'warning' | 'critical';
export type ChangeKey = 'warning' | 'critical';

/** Why the configuration has other limits than the guide; null where it does not say. */
export type SliReasons = { service: string | null; environment: string | null };

export type LevelLimits = {
  limits: Levels;
  origins: Record<LevelKey, SliOrigin>;
  reasons: SliReasons;
};
export type ChangeLimits = {
  limits: {
    kind: 'baseline';
    up: Record<ChangeKey, number>;
    down: Record<ChangeKey, number>;
  };
  origins: { up: Record<ChangeKey, SliOrigin>; down: Record<ChangeKey, SliOrigin> };
  reasons: SliReasons;
};

type Given = Partial<Record<LevelKey, number | undefined>>;
type Chosen = { value: number; origin: SliOrigin };

/** The nearest that was given: the environment's, then the service's, then the guide's. */
function choose(environment: number | undefined, service: number | undefined, guide: number): Chosen {
  if (environment !== undefined) return { value: environment, origin: 'environment' };
  if (service !== undefined) return { value: service, origin: 'service' };
  return { value: guide, origin: 'guide' };
}

/** The limits of an indicator of a service in an environment, each with its origin. */
export function levelLimits(service: Service, id: LevelSliId, environment: string): LevelLimits {
  const guide: Levels = guideSlis[id].limits;
  const own = service.slis[id];
  const here = own.environments[environment];
  const ownLevels: Given = own;
  const hereLevels: Given = here ?? {};
  const pick = (key: LevelKey, standing: number) => choose(hereLevels[key], ownLevels[key], standing);
  const [low, target, warning, critical] = [
    pick('low', guide.low ?? 0),
    pick('target', guide.target),
    pick('warning', guide.warning),
    pick('critical', guide.critical),
  ];
  return {
    limits: {
      kind: guide.kind,
      low: guide.low === null ? null : low.value,
      target: target.value,
      warning: warning.value,
      critical: critical.value,
    },
    origins: {
      low: low.origin,
      target: target.origin,
      warning: warning.origin,
      critical: critical.origin,
    },
    reasons: { service: own.reason ?? null, environment: here?.reason ?? null },
  };
}

/** The same of the indicator of traffic, whose limits are changes up and down. */
export function changeLimits(service: Service, environment: string): ChangeLimits {
  const guide = guideSlis.requests.limits;
  const own = service.slis.requests;
  const here = own.environments[environment];
  const side = (name: 'up' | 'down') => ({
    warning: choose(here?.[name].warning, own[name].warning, guide[name].warning),
    critical: choose(here?.[name].critical, own[name].critical, guide[name].critical),
  });
  const [up, down] = [side('up'), side('down')];
  return {
    limits: {
      kind: 'baseline',
      up: { warning: up.warning.value, critical: up.critical.value },
      down: { warning: down.warning.value, critical: down.critical.value },
    },
    origins: {
      up: { warning: up.warning.origin, critical: up.critical.origin },
      down: { warning: down.warning.origin, critical: down.critical.origin },
    },
    reasons: { service: own.reason ?? null, environment: here?.reason ?? null },
  };
}
