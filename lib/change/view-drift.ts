import 'server-only';
import * as z from 'zod/mini';
import { canonicalJson } from '@/lib/audit/canonical';
import type { Config } from '@/lib/config/schema';
import { readObjects, readRouter } from '@/lib/service/clusters';
import type { RouterKind } from '@/lib/sources/kubernetes/routers';
import type { Deployment } from '@/lib/sources/kubernetes/schema';
import type { DeployPlan, DiffLine } from './contract';
import type { Fields, PlannedObject } from './staged/contract';

type Named = { cluster: string; namespace: string; name: string };

/** What the web's watches hold of an object; undefined when it cannot be read. */
export type LiveObjects = {
  deployment: (named: Named) => Pick<Deployment, 'containers' | 'desired' | 'paused'> | undefined;
  /** Null: it is not there. */
  router: (named: Named, kind: RouterKind) => { spec: Fields } | null | undefined;
};

/**
 * While in review: in what the live objects differ from those that the plan starts from, as far as the web's watches
 * show it; for people, never for decisions. What cannot be read differs in nothing that anybody knows.
 */
export const viewDrift = (config: Config, plan: DeployPlan): DiffLine[] =>
  driftFrom(plan, {
    deployment: ({ name, ...where }) => {
      const found = readObjects(config, where, 'deployments');
      return found.state === 'missing' ? undefined : found.value.find((one) => one.name === name);
    },
    router: ({ name, ...where }, kind) => {
      const found = readRouter(config, where, { kind, name });
      return found.state === 'missing' ? undefined : found.value;
    },
  });

export const driftFrom = (plan: DeployPlan, live: LiveObjects): DiffLine[] =>
  plan.staged === undefined
    ? imageDrift(plan, live)
    : plan.staged.objects.flatMap((object) => objectDrift(object, live));

function imageDrift({ cluster, target, from }: DeployPlan, live: LiveObjects): DiffLine[] {
  const { namespace, name, container } = target;
  const found = live.deployment({ cluster, namespace, name });
  const image = found?.containers.find((one) => one.name === container)?.image;
  if (image === undefined || image === from.image) return [];
  return [{ path: imagePath(container), before: from.image, after: image }];
}

const imagePath = (container: string): string => `spec.template.spec.containers[${container}].image`;

function objectDrift(object: PlannedObject, live: LiveObjects): DiffLine[] {
  const { key, kind, cluster, namespace, name, baseline } = object;
  const named = { cluster, namespace, name };
  if (kind === 'Deployment') return deploymentDrift(object, live.deployment(named));
  // ConfigMaps are nothing that the web may read; the worker compares them when the change starts.
  if (kind === 'ConfigMap') return [];
  const found = live.router(named, kind);
  return found === undefined ? [] : differences(key, baseline, found?.spec ?? {}, Object.keys(baseline));
}

/** Of a Deployment the watches keep only the images, the number of pods, and whether it is paused. */
function deploymentDrift(
  { key, container = '', baseline }: PlannedObject,
  live: ReturnType<LiveObjects['deployment']>,
): DiffLine[] {
  if (live === undefined) return [];
  const image = live.containers.find(({ name }) => name === container)?.image;
  const planned = imageIn(baseline, container);
  const { desired: replicas, paused } = live;
  const members = ['replicas', 'paused'].filter((member) => baseline[member] !== undefined);
  return [
    ...(planned === undefined || image === undefined || image === planned
      ? []
      : [{ object: key, path: imagePath(container), before: planned, after: image }]),
    ...differences(key, baseline, { replicas, paused }, members),
  ];
}

const Template = z.looseObject({
  spec: z.looseObject({ containers: z.array(z.looseObject({ name: z.string(), image: z.string() })) }),
});

const imageIn = (baseline: Fields, container: string): string | undefined =>
  Template.safeParse(baseline['template']).data?.spec.containers.find(({ name }) => name === container)
    ?.image;

const text = (value: Fields[string] | undefined): string | null =>
  value === undefined ? null : canonicalJson(value);

/** Members that are another value now than the plan took for its baseline, or none. */
const differences = (object: string, baseline: Fields, live: Fields, members: string[]): DiffLine[] =>
  members.flatMap((member) => {
    const [before, after] = [text(baseline[member]), text(live[member])];
    return before === after ? [] : [{ object, path: `spec.${member}`, before, after }];
  });
