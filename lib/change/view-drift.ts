import 'server-only';
import { canonicalJson } from '@/lib/audit/canonical';
import type { Config } from '@/lib/config/schema';
import { readObjects, readRouter } from '@/lib/service/clusters';
import type { RouterKind } from '@/lib/sources/kubernetes/routers';
import type { Deployment } from '@/lib/sources/kubernetes/schema';
import type { DeployPlan, DiffLine } from './contract';
import { movedLines } from './moved';
import type { Fields, PlannedObject } from './staged/contract';
import { isForTheTime } from './staged/fields';
import { imageOf, JsonObjectSchema, materialOf } from './template';

type Named = { cluster: string; namespace: string; name: string };

/** What the web's watches hold of an object; undefined when it cannot be read. */
export type LiveObjects = {
  deployment: (named: Named) => Pick<Deployment, 'desired' | 'paused' | 'material'> | undefined;
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
    ? ownDrift(plan, live)
    : plan.staged.objects.flatMap((object) => objectDrift(object, live));

/** Of a change of one Deployment: what a worker would compare at its start, and the replicas where it sets them. */
function ownDrift(plan: DeployPlan, live: LiveObjects): DiffLine[] {
  const { cluster, target, baselineSpec } = plan;
  const found = live.deployment({ cluster, namespace: target.namespace, name: target.name });
  if (found === undefined) return [];
  const pause = found.paused ? [{ path: 'spec.paused', before: 'false', after: 'true' }] : [];
  if (baselineSpec === undefined) return [...imageDrift(plan, found), ...pause];
  return [
    ...movedLines(JsonObjectSchema.parse(JSON.parse(baselineSpec)), materialNow(found), 'spec'),
    ...pause,
  ];
}

type Found = NonNullable<ReturnType<LiveObjects['deployment']>>;

/** As the API server sends it, in the form in which plans keep it. */
const materialNow = ({ material }: Found) =>
  JsonObjectSchema.parse(JSON.parse(JSON.stringify(materialOf(material))));

/** Of a plan that an earlier version made. */
function imageDrift({ target: { container }, from }: DeployPlan, { material }: Found): DiffLine[] {
  const image = imageOf(material.template, container);
  if (image === null || image === from.image) return [];
  return [{ path: `spec.template.spec.containers[${container}].image`, before: from.image, after: image }];
}

function objectDrift(object: PlannedObject, live: LiveObjects): DiffLine[] {
  const { key, kind, cluster, namespace, name, baseline } = object;
  const named = { cluster, namespace, name };
  if (kind === 'Deployment') return deploymentDrift(object, live.deployment(named));
  // What the web may not read, or does not: the worker compares it when the change starts.
  if (isForTheTime(kind)) return [];
  const found = live.router(named, kind);
  return found === undefined ? [] : differences(key, baseline, found?.spec ?? {}, Object.keys(baseline));
}

function deploymentDrift({ key, baseline }: PlannedObject, found: Found | undefined): DiffLine[] {
  if (found === undefined) return [];
  const { desired: replicas, paused } = found;
  const members = ['replicas', 'paused'].filter((member) => baseline[member] !== undefined);
  const { template } = materialNow(found);
  return [
    ...movedLines(baseline['template'], template, 'spec.template').map((line) => ({ object: key, ...line })),
    ...differences(key, baseline, { replicas, paused }, members),
  ];
}

const text = (value: Fields[string] | undefined): string | null =>
  value === undefined ? null : canonicalJson(value);

/** Members that are another value now than the plan took for its baseline, or none. */
const differences = (object: string, baseline: Fields, live: Fields, members: string[]): DiffLine[] =>
  members.flatMap((member) => {
    const [before, after] = [text(baseline[member]), text(live[member])];
    return before === after ? [] : [{ object, path: `spec.${member}`, before, after }];
  });
