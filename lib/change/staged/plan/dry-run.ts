import 'server-only';
import { mergePatch } from '@/lib/actuators/kubernetes/merge-patch';
import { type ClusterObject, patchObject } from '@/lib/actuators/kubernetes/object';
import { DeploymentObject } from '@/lib/actuators/kubernetes/schema';
import type { OnBehalfOf } from '@/lib/actuators/kubernetes/write';
import type { DiffLine } from '../../contract';
import { diffLines } from '../../plan/diff';
import { type JsonObject, JsonObjectSchema, normaliseTemplate } from '../../template';
import type { PlannedObject, StagedStep } from '../contract';
import { isForTheTime, pickFields } from '../fields';
import { finalOf, writesOf } from './objects';
import { deploymentNamed, type Region, scalerNamed } from './read-region';

/**
 * What the API server would store of each written object at the end of the plan, as changed fields with the key of
 * the object before them; of one that is changed for the time of the change, what it is meanwhile. Throws ClusterError: a write that it would refuse makes no plan.
 */
export async function dryRunAll(
  region: Region,
  objects: readonly PlannedObject[],
  steps: readonly StagedStep[],
  onBehalfOf: OnBehalfOf,
): Promise<DiffLine[]> {
  const written = objects.filter(({ key }) => writesOf(steps, key).length > 0);
  const all = await Promise.all(
    written.map(async (object) => {
      const live = liveObject(region, object);
      const members = writesOf(steps, object.key).flatMap(({ set }) => Object.keys(set));
      const before = JsonObjectSchema.parse(pickFields(object.baseline, members));
      const final = JsonObjectSchema.parse(pickFields(finalOf(object, steps), members));
      // In the end it is as it was: what the API server has to take is the first write.
      const after = isForTheTime(object.kind) ? firstOf(object, steps) : final;
      const { kind, namespace, name } = object;
      const { object: answered } = await patchObject(region.client, {
        ref: { kind, namespace, name },
        spec: mergePatch(before, after) ?? {},
        resourceVersion: live.metadata.resourceVersion,
        fence: { change: 0, epoch: 0 },
        onBehalfOf,
        dryRun: true,
      });
      const [old, made] =
        kind === 'ConfigMap'
          ? [{ data: before }, { data: pickFields(answered.data, members) }]
          : [material(live), material(sameForm(kind, answered))];
      return diffLines(old, made).map((line) => ({
        object: object.key,
        ...line,
      }));
    }),
  );
  return all.flat();
}

/** A Deployment was read with the defaults that the API server may leave out; its answer gets the same ones. */
const sameForm = (kind: PlannedObject['kind'], answered: ClusterObject): Live =>
  kind === 'Deployment' ? DeploymentObject.parse(answered) : answered;

const firstOf = ({ key }: PlannedObject, steps: readonly StagedStep[]): JsonObject =>
  JsonObjectSchema.parse(writesOf(steps, key)[0]?.set ?? {});

type Live = Pick<ClusterObject, 'metadata'> & { spec: unknown };

function liveObject(region: Region, { kind, name }: PlannedObject): Live {
  if (kind === 'ConfigMap' && region.maintenance !== null) return region.maintenance.object;
  const scaler = scalerNamed(region, kind, name);
  if (scaler !== null) return scaler;
  if (kind !== 'Deployment' && region.router !== null) return region.router.object;
  return deploymentNamed(region, name).deployment;
}

/** The part that people set; the fence is left out, since its number is given when the change runs. */
function material({ metadata, spec }: Live): JsonObject {
  const { template, ...rest } = JsonObjectSchema.parse(JSON.parse(JSON.stringify(spec)));
  return {
    metadata: { labels: metadata.labels },
    spec: { ...rest, ...(template === undefined ? {} : { template: normaliseTemplate(template) }) },
  };
}
