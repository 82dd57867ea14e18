import type { Policy } from '@/lib/config/policy';
import { matchPolicy } from '@/lib/config/policy-rules';
import type { Config } from '@/lib/config/schema';
import type { Placement, Service } from '@/lib/config/service';
import type { Cluster } from '@/lib/config/sources';
import { OpsError } from '@/lib/core/errors';
import { isMovingTag } from '@/lib/core/image';
import type { RequestPlan } from '../contract';
import { findDatabase, isDataInput } from '../data/plan/find-database';
import { goodOfPair } from '../revision/last-known-good';
import { regionsOf, wantsStaged } from '../staged/plan/wants';

export type Target = { service: Service; placement: Placement; cluster: Cluster; policy: Policy };

const invalid = (path: string, message: string, next?: string): OpsError =>
  new OpsError('invalid', message, { fields: [{ path, message }], ...(next === undefined ? {} : { next }) });

/**
 * What a change is about, by signalbox.yaml. Throws OpsError `not-found` for an unknown service and `invalid`
 * for a wrong environment, region or version. A tag that moves by design, such as `latest`, is refused unless a
 * redeploy is said: the plan then pins what it stands for.
 */
export function findTarget(config: Config, input: RequestPlan): Target {
  const target = targetIn(config, input);
  checkRegions(target.service, input);
  checkMigration(target.service, input);
  checkKnownGood(target, input);
  if (isDataInput(input)) findDatabase(config, input);
  return target;
}

function targetIn(config: Config, input: RequestPlan): Target {
  const service = config.services.find(({ id }) => id === input.service);
  if (service === undefined) {
    throw new OpsError('not-found', `There is no service ${input.service}.`, {
      next: 'Choose one of the services.',
    });
  }
  const placements = service.placements[input.environment];
  if (placements === undefined) {
    throw invalid('environment', `${service.name} does not run in ${input.environment}.`);
  }
  const placement = placements.find(({ region }) => region === input.region);
  if (placement === undefined) {
    throw invalid('region', `${service.name} does not run in ${input.region} (${input.environment}).`);
  }
  if (input.kind === 'deploy' && isMovingTag(input.version) && input.redeploy !== true) {
    throw invalid(
      'version',
      `The tag ${input.version} moves: it names no release, and nobody can sign off what it will be.`,
      'Name the tag of one release. If what the tag stands for now is meant, ask for a redeploy: its content is then looked up and pinned.',
    );
  }
  const cluster = config.clusters.find(({ id }) => id === placement.cluster);
  if (cluster === undefined) throw invalid('region', `The cluster ${placement.cluster} is not configured.`);
  const policy = matchPolicy(config.policies, input.kind, input.environment, input.service);
  if (policy === null) {
    throw new OpsError(
      'forbidden',
      `No policy says who signs a change of the kind ${input.kind} of ${service.name} in ${input.environment}.`,
      {
        next: 'Add a policy to signalbox.yaml.',
      },
    );
  }
  return { service, placement, cluster, policy };
}

/** The places of a staged change in the order in which it takes them (TRF-06). Throws as `findTarget` does. */
export function findTargets(config: Config, input: RequestPlan): Target[] {
  const own = findTarget(config, input);
  return regionsOf(input).map((region) =>
    region === input.region ? own : targetIn(config, { ...input, region }),
  );
}

/** Each region once, all of them known, each with a pair where the change needs one. */
function checkRegions(service: Service, input: RequestPlan): void {
  const regions = regionsOf(input);
  const twice = regions.find((region, index) => regions.indexOf(region) !== index);
  if (twice !== undefined)
    throw invalid('regions', `${twice} is in the list twice.`, 'Name each region once.');
  if (!regions.includes(input.region)) {
    throw invalid(
      'regions',
      `${input.region} is not in the list of regions.`,
      'Add it, or leave the list out.',
    );
  }
  if (!wantsStaged(input)) {
    if (regions.length === 1) return;
    throw invalid(
      'regions',
      'A change of one Deployment takes one region.',
      'Choose a strategy that takes several regions in order, such as blue-green, or leave the list out.',
    );
  }
  for (const region of regions) {
    const placement = service.placements[input.environment]?.find((one) => one.region === region);
    if (placement === undefined) {
      throw invalid('regions', `${service.name} does not run in ${region} (${input.environment}).`);
    }
    if (placement.pair === undefined) {
      throw new OpsError(
        'precondition',
        `${service.name} has no pair of colours in ${region} (${input.environment}), so there is nothing to send requests to.`,
        { next: 'Name a pair in signalbox.yaml, roll the Deployment, or roll back to a revision.' },
      );
    }
  }
}

/** A migration needs a moment at which the new version is there and has no requests: only steps have one. */
function checkMigration(service: Service, input: RequestPlan): void {
  if (input.kind !== 'deploy') return;
  if (input.maintenance === true) checkMaintenance(service, input.migration !== undefined);
  if (input.migration === undefined) return;
  if (!wantsStaged(input)) {
    throw invalid(
      'migration',
      'A rolling deploy has no moment for a migration: its first new pod takes requests at once.',
      'Choose another strategy, such as blue-green, or leave the migration out.',
    );
  }
  if (service.migration === undefined) {
    throw invalid(
      'migration',
      `How ${service.name} migrates its database is not known.`,
      'Add `migration` with its command to the service in signalbox.yaml, or leave the migration out.',
    );
  }
}

/** With a pair the version before is on the other colour: a revision of the live one is not what is meant. */
function checkKnownGood({ service, placement }: Target, input: RequestPlan): void {
  if (input.kind !== 'rollback' || input.lastKnownGood !== true || placement.pair === undefined) return;
  const { sentence, next } = goodOfPair(service.name, input.region);
  throw new OpsError('precondition', sentence, { next });
}

/** Requests are refused for a migration alone: without one there is nothing that they must not meet. */
function checkMaintenance(service: Service, migrates: boolean): void {
  if (!migrates) {
    throw invalid(
      'maintenance',
      'Maintenance mode is for the time of a migration, and this deploy has none.',
      'Say the class of the migration, or leave maintenance mode out.',
    );
  }
  if (service.maintenance === undefined) {
    throw invalid(
      'maintenance',
      `How ${service.name} is put into maintenance is not known.`,
      'Add `maintenance` with its ConfigMap to the service in signalbox.yaml, or leave maintenance mode out.',
    );
  }
}
