import 'server-only';
import { createJob } from '@/lib/actuators/kubernetes/job';
import type { OnBehalfOf } from '@/lib/actuators/kubernetes/write';
import { canonicalHash } from '@/lib/audit/canonical';
import { diffLines } from '../../plan/diff';
import type { DiffLine } from '../../plan-contract';
import { type JsonObject, JsonObjectSchema } from '../../template';
import type { StagedStep } from '../contract';
import { jobKeyOf, MIGRATION_CONTAINER } from '../job-key';
import type { Work } from './work';

/** What the API server would make of the migration's Job. Throws ClusterError: what it would refuse makes no plan. */
export async function dryRunJob(
  { region }: Work,
  steps: readonly StagedStep[],
  onBehalfOf: OnBehalfOf,
): Promise<DiffLine[]> {
  const step = steps.find((one) => one.do === 'job');
  if (step?.do !== 'job') return [];
  const spec = JsonObjectSchema.parse(JSON.parse(step.spec));
  const { object } = await createJob(region.client, {
    ref: step,
    spec,
    specHash: canonicalHash(spec),
    fence: { change: 0, epoch: 0 },
    onBehalfOf,
    dryRun: true,
  });
  const made = material(JsonObjectSchema.parse(JSON.parse(JSON.stringify(object.spec))));
  return diffLines({ spec: nothing }, { spec: made }).map((line) => ({ object: jobKeyOf(step), ...line }));
}

/** Without the selector and the labels that the API server draws anew for each Job. */
function material({ selector: _, template, ...rest }: JsonObject): JsonObject {
  const { metadata, ...others } = JsonObjectSchema.parse(template ?? {});
  const { labels, ...more } = JsonObjectSchema.parse(metadata ?? {});
  const kept = Object.entries(JsonObjectSchema.parse(labels ?? {})).filter(
    ([name]) => !/(^|\/)(controller-uid|job-name)$/.test(name),
  );
  return { ...rest, template: { ...others, metadata: { ...more, labels: Object.fromEntries(kept) } } };
}

/** A Job without anything in it: each field of what is made then stands in a line of its own. */
const nothing: JsonObject = {
  template: { metadata: { labels: {} }, spec: { containers: [{ name: MIGRATION_CONTAINER }] } },
};
