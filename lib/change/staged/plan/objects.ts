import type { Colour } from '@/lib/config/colours';
import { surgePods } from '../../plan/quantity';
import type { Fields, ObjectKind, PlannedObject, Staged, StagedStep } from '../contract';
import { ownMembers, pickFields } from '../fields';
import { sharesOf } from '../router';
import type { Shares } from '../router-rules';
import type { Region } from './read-region';
import type { Work } from './work';

/** `us-east-1/Deployment/architect/architect-api-green`. */
export const keyOf = ({ target }: Region, kind: ObjectKind, name: string): string =>
  `${target.placement.cluster}/${kind}/${target.placement.namespace}/${name}`;

type Write = Extract<StagedStep, { do: 'write' }>;
export const writesOf = (steps: readonly StagedStep[], key: string): Write[] =>
  steps.filter((step) => step.do === 'write').filter(({ object }) => object === key);

/** All members of a Deployment that a plan may write, in their normal form. */
function deploymentFields({ members }: Region, colour: Colour): Fields {
  const { subset } = members[colour];
  return { template: subset.template, paused: subset.paused, replicas: subset.replicas ?? 1 };
}

export type Place = Pick<PlannedObject, 'region' | 'cluster' | 'clusterUid' | 'namespace'>;

export const placeOf = ({ region }: Work): Place => ({
  region: region.region,
  cluster: region.target.placement.cluster,
  clusterUid: region.clusterUid,
  namespace: region.target.placement.namespace,
});

/**
 * The objects of a region with what the plan was made from. Of a Deployment the template and the pause always count:
 * they say what the requests meet. The replicas count where the plan sets them; else they are the autoscaler's.
 */
export function objectsOf(work: Work, steps: readonly StagedStep[]): PlannedObject[] {
  const { region } = work;
  const place = placeOf(work);
  const { placement } = region.target;
  const deployment = (part: 'new' | 'old', colour: Colour): PlannedObject => {
    const name = region.pair[colour].deployment;
    const key = keyOf(region, 'Deployment', name);
    const written = writesOf(steps, key).flatMap(({ set }) => Object.keys(set));
    return {
      key,
      part,
      ...place,
      kind: 'Deployment',
      name,
      uid: region.members[colour].live.uid,
      container: placement.container,
      baseline: pickFields(deploymentFields(region, colour), ['template', 'paused', ...written]),
    };
  };
  const { router } = region;
  return [
    deployment('new', work.candidate),
    deployment('old', work.old),
    ...baselineOf(work, place),
    ...(router === null
      ? []
      : [
          {
            key: keyOf(region, router.kind, router.name),
            part: 'router' as const,
            ...place,
            kind: router.kind,
            name: router.name,
            uid: router.object.metadata.uid,
            baseline: pickFields(router.fields, ownMembers[router.kind]),
          },
        ]),
    ...maintenanceOf(region, place),
  ];
}

/** The ConfigMap that has the service refuse its requests, by the one key that the plan writes. */
function maintenanceOf(region: Region, place: Place): PlannedObject[] {
  if (region.maintenance === null) return [];
  const { settings, object } = region.maintenance;
  const { configMap: name, key, off } = settings;
  return [
    {
      key: keyOf(region, 'ConfigMap', name),
      part: 'maintenance',
      ...place,
      kind: 'ConfigMap',
      name,
      uid: object.metadata.uid,
      baseline: { [key]: off },
    },
  ];
}

/** The plan sets all of it: nobody else's number of pods counts there. */
function baselineOf({ region, baseline }: Work, place: Place): PlannedObject[] {
  if (baseline === null || region.baseline === null) return [];
  const { deployment: name, now } = region.baseline;
  const { template, paused, replicas } = now.subset;
  return [
    {
      key: keyOf(region, 'Deployment', name),
      part: 'baseline',
      ...place,
      kind: 'Deployment',
      name,
      uid: now.live.uid,
      container: region.target.placement.container,
      baseline: { template, paused, replicas: replicas ?? 1 },
    },
  ];
}

/** What an object is to be in the end: its baseline with every write over it. */
export const finalOf = (object: PlannedObject, steps: readonly StagedStep[]): Fields =>
  Object.assign({}, object.baseline, ...writesOf(steps, object.key).map(({ set }) => set));

/** Pods that a Deployment may add while it replaces those that it has. */
function surgeOf({ members }: Region, colour: Colour, replicas: number): number {
  const { type, rollingUpdate } = members[colour].deployment.spec.strategy;
  return type === 'RollingUpdate' ? surgePods(String(rollingUpdate?.maxSurge ?? '25%'), replicas) : 0;
}

/** Pods at every moment of the change: those that may be asked, and those that run in all. */
export function capacityOf(work: Work, steps: readonly StagedStep[]): Staged['capacity'][number] {
  const { region, candidate, old } = work;
  const pods: Record<Colour, number> = {
    blue: region.members.blue.live.replicas,
    green: region.members.green.live.replicas,
  };
  let shares: Shares = region.shares;
  let beside = work.baseline === null ? 0 : (region.baseline?.now.live.replicas ?? 0);
  const serving = (): number => (shares.blue > 0 ? pods.blue : 0) + (shares.green > 0 ? pods.green : 0);
  const all = (surge = 0): number => pods.blue + pods.green + beside + surge;
  const moments = [{ serving: serving(), all: all() }];
  for (const step of steps) {
    if (step.do !== 'write') continue;
    const { replicas, template } = step.set;
    let surge = 0;
    const isBeside =
      work.baseline !== null && step.object === keyOf(region, 'Deployment', work.baseline.deployment);
    if (isBeside && typeof replicas === 'number') beside = replicas;
    for (const colour of [candidate, old]) {
      if (step.object !== keyOf(region, 'Deployment', region.pair[colour].deployment)) continue;
      const isReplaced = template !== undefined && pods[colour] > 0;
      if (typeof replicas === 'number') pods[colour] = replicas;
      if (isReplaced) surge = surgeOf(region, colour, pods[colour]);
      if (region.router === null) shares = sharesOf(region.pair, null, pods) ?? shares;
    }
    const { router } = region;
    if (router !== null && step.object === keyOf(region, router.kind, router.name)) {
      shares = sharesOf(region.pair, step.set) ?? shares;
    }
    moments.push({ serving: serving(), all: all(surge) });
  }
  return {
    region: region.region,
    need: work.need,
    lowest: Math.min(...moments.map((one) => one.serving)),
    highest: Math.max(...moments.map((one) => one.all)),
  };
}
