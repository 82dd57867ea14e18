import { colours } from '@/lib/config/colours';
import type { ChangeKind } from '@/lib/core/change-kind';
import { Slug } from '@/lib/core/ids';
import type { RequestPlan } from './contract';
import { deployStrategies } from './plan-contract';
import { type MigrationClass, migrationClasses } from './staged/contract';

type Place = { service: string; environment: string; region: string };

/** What the address already says of the change; what it leaves open, the form asks for. */
export function planFrom(kind: ChangeKind, place: Place, asked: (name: string) => string): RequestPlan {
  switch (kind) {
    case 'deploy': {
      const strategy = deployStrategies.find((one) => one === asked('strategy'));
      const staged = strategy !== undefined && strategy !== 'rolling';
      return {
        kind,
        ...place,
        version: asked('version'),
        ...(asked('redeploy') === 'yes' ? { redeploy: true } : {}),
        ...(staged
          ? { strategy, ...wavesOf(place, asked), ...onFailureOf(asked), ...migrationOf(asked) }
          : {}),
      };
    }
    case 'rollback':
      // Nothing said: the last known good.
      if (asked('replicaSet') === '') return { kind, ...place, lastKnownGood: true };
      return asked('replicaSet') === 'pair'
        ? { kind, ...place, ...wavesOf(place, asked) }
        : { kind, ...place, replicaSet: asked('replicaSet') };
    case 'shift':
      return {
        kind,
        ...place,
        colour: asked('colour') === 'blue' ? 'blue' : 'green',
        weight: Number.parseInt(asked('weight'), 10) || 100,
        ...wavesOf(place, asked),
        ...onFailureOf(asked),
      };
    case 'scale': {
      const colour = colours.find((one) => one === asked('colour'));
      const replicas = Number.parseInt(asked('replicas'), 10);
      // Nothing said is no 0, which an idle colour may be scaled to.
      if (colour === undefined) return { kind, ...place, replicas: replicas || 0 };
      return { kind, ...place, replicas: Number.isNaN(replicas) ? -1 : replicas, colour };
    }
    case 'restart':
      return { kind, ...place };
    case 'set-env':
      return { kind, ...place, name: asked('name'), value: asked('value') };
    case 'backup':
      return { kind, ...place, database: asked('database') };
    case 'end-session':
      return {
        kind,
        ...place,
        database: asked('database'),
        pid: Number.parseInt(asked('pid'), 10) || 0,
        startedAt: asked('startedAt'),
      };
    case 'restore':
      return {
        kind,
        ...place,
        database: asked('database'),
        copy: asked('copy'),
        ...(asked('safetyCopy') === 'no' ? { safetyCopy: false } : {}),
      };
  }
}

/** Regions in the order in which they are taken; one alone is the place itself. */
function wavesOf(place: Place, asked: (name: string) => string): Partial<Place> & { regions?: string[] } {
  const named = asked('regions')
    .split(',')
    .filter((region) => Slug.safeParse(region).success);
  return inOrder(named.length === 0 ? [place.region] : [...new Set(named)], place.region);
}

const onFailureOf = (asked: (name: string) => string): { onFailure?: 'keep-finished' } =>
  asked('onFailure') === 'keep-finished' ? { onFailure: 'keep-finished' } : {};

function migrationOf(asked: (name: string) => string): { migration?: MigrationClass; maintenance?: true } {
  const migration = migrationClasses.find((one) => one === asked('migration'));
  if (migration === undefined) return {};
  return { migration, ...(asked('maintenance') === 'yes' ? { maintenance: true } : {}) };
}

/** The members of a plan's question that say where it begins and what comes after. */
export const inOrder = (
  regions: readonly string[],
  otherwise: string,
): { region: string; regions?: string[] } => ({
  region: regions[0] ?? otherwise,
  ...(regions.length > 1 ? { regions: [...regions] } : {}),
});

/** The query of the address from which `planFrom` makes the same question. */
export function planQueryOf(input: RequestPlan): Record<string, string> {
  const { service, environment, region } = input;
  const place = { service, environment, region };
  const waves = {
    ...('regions' in input && input.regions !== undefined ? { regions: input.regions.join(',') } : {}),
    ...('onFailure' in input && input.onFailure === 'keep-finished' ? { onFailure: input.onFailure } : {}),
  };
  switch (input.kind) {
    case 'deploy':
      return {
        ...place,
        version: input.version,
        ...(input.redeploy ? { redeploy: 'yes' } : {}),
        ...(input.strategy === undefined ? {} : { strategy: input.strategy }),
        ...(input.migration === undefined ? {} : { migration: input.migration }),
        ...(input.maintenance === true ? { maintenance: 'yes' } : {}),
        ...waves,
      };
    case 'rollback':
      return input.lastKnownGood === true
        ? place
        : { ...place, replicaSet: input.replicaSet ?? 'pair', ...waves };
    case 'shift':
      return { ...place, colour: input.colour, weight: String(input.weight), ...waves };
    case 'scale':
      return {
        ...place,
        replicas: String(input.replicas),
        ...(input.colour === undefined ? {} : { colour: input.colour }),
      };
    case 'restart':
      return place;
    case 'set-env':
      return { ...place, name: input.name, value: input.value };
    case 'backup':
      return { ...place, database: input.database };
    case 'end-session':
      return {
        ...place,
        database: input.database,
        pid: input.pid === 0 ? '' : String(input.pid),
        startedAt: input.startedAt,
      };
    case 'restore':
      return {
        ...place,
        database: input.database,
        copy: input.copy,
        ...(input.safetyCopy === false ? { safetyCopy: 'no' } : {}),
      };
  }
}
