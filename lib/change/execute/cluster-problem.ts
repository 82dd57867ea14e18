import 'server-only';
import { isClusterError } from '@/lib/actuators/kubernetes/error';
import { readClusterUid } from '@/lib/actuators/kubernetes/read';
import { isOpsError } from '@/lib/core/errors';
import type { DiffLine } from '../contract';
import { dataProblem } from '../data/execute/data-problem';
import { movedLines, movedWords } from '../moved';
import { colourProblem, readShares, toldShares } from '../plan/live-target';
import { apiProblem } from '../plan/plan-api';
import type { Staged } from '../staged/contract';
import { observeAll } from '../staged/execute/observe';
import { objectName } from '../staged/expected';
import { hasFields, pickFields } from '../staged/fields';
import type { StoredChange } from '../stored';
import { baselineHash, JsonObjectSchema, materialOf } from '../template';
import type { Execution } from './execution';
import { observeTarget } from './observe';

/**
 * Why the clusters do not fit the plan any more: other APIs, another cluster, another object, or one that somebody changed since
 * (change-engine.md 2.4). Null when they fit; `unclear` when one did not answer.
 */
export async function clusterProblem(
  run: Execution,
  change: StoredChange,
): Promise<string | null | 'unclear'> {
  const { plan } = change;
  if (plan.data !== undefined) return dataProblem(run.config, plan, plan.data);
  try {
    const objects = plan.staged === undefined ? rollingProblem(run, change) : stagedProblem(run, plan.staged);
    objects.catch(() => {});
    // Told first: a kind that is served no more looks like objects that are gone.
    return (await apiProblem(plan, run.cluster)) ?? (await objects);
  } catch (error) {
    if (isClusterError(error, 'not-found')) return 'The Deployment is gone.';
    if (isClusterError(error)) return 'unclear';
    // The cluster was taken out of signalbox.yaml: without this the change would be tried, and block, for ever.
    if (isOpsError(error, 'precondition')) return error.message;
    throw error;
  }
}

/** Who moved the baseline, and what it was and is now (change-engine.md 2.4). */
function movedSentence(writer: string | null, name: string, lines: readonly DiffLine[]): string {
  const who = writer === null ? 'Somebody' : `“${writer}”`;
  const what = lines.length === 0 ? '' : `: ${movedWords(lines)}`;
  return `${who} changed ${name} since the plan was made${what}. Ask for a new plan.`;
}

async function rollingProblem(run: Execution, { plan }: StoredChange): Promise<string | null> {
  const client = run.cluster(plan.cluster);
  const [observed, uid] = await Promise.all([observeTarget(client, plan.target), readClusterUid(client)]);
  if (uid !== plan.clusterUid)
    return `${plan.cluster} is another cluster than the one the plan was made for.`;
  if (observed.live.uid !== plan.target.uid)
    return 'The Deployment was deleted and made anew since the plan.';
  if (baselineHash(observed.deployment.spec) !== plan.baseline) {
    const planned =
      plan.baselineSpec === undefined ? null : JsonObjectSchema.parse(JSON.parse(plan.baselineSpec));
    const live = JsonObjectSchema.parse(materialOf(observed.deployment.spec));
    const lines = planned === null ? [] : movedLines(planned, live, 'spec');
    return movedSentence(observed.live.writer, 'the Deployment', lines);
  }
  if (observed.live.paused) return 'The Deployment is paused. Resume it, then ask for a new plan.';
  return otherColourProblem(run, plan);
}

/** The plan of one Deployment of a pair was made for the colour that took the requests, or for the idle one. */
async function otherColourProblem(run: Execution, plan: StoredChange['plan']): Promise<string | null> {
  const service = run.config.services.find(({ id }) => id === plan.service);
  const placement = service?.placements[plan.environment]?.find(({ region }) => region === plan.region);
  if (placement?.pair === undefined) return null;
  const isIdle = plan.guard.judges === false;
  const read = isIdle ? toldShares : readShares;
  const shares = await read(run.cluster(plan.cluster), placement, placement.pair);
  return colourProblem(placement.pair, shares, { kind: plan.kind, deployment: plan.target.name, isIdle });
}

async function stagedProblem(run: Execution, staged: Staged): Promise<string | null | 'unclear'> {
  const clusters = new Map(staged.objects.map(({ cluster, clusterUid }) => [cluster, clusterUid]));
  const [observed, uids] = await Promise.all([
    observeAll(run.cluster, staged),
    Promise.all([...clusters.keys()].map(async (id) => [id, await readClusterUid(run.cluster(id))] as const)),
  ]);
  const other = uids.find(([id, uid]) => clusters.get(id) !== uid);
  if (other !== undefined) return `${other[0]} is another cluster than the one the plan was made for.`;
  if (observed.silent.size > 0) return 'unclear';
  for (const object of staged.objects) {
    const name = objectName({ object });
    const live = observed.objects.get(object.key);
    if (live === undefined) return `${name} is gone.`;
    if (live.uid !== object.uid) return `${name} was deleted and made anew since the plan.`;
    if (!hasFields(live.subset, object.baseline)) {
      const now = pickFields(live.subset, Object.keys(object.baseline));
      const lines = movedLines(object.baseline, now, object.kind === 'ConfigMap' ? 'data' : 'spec');
      return movedSentence(live.writer, name, lines);
    }
    if (live.subset['paused'] === true) return `${name} is paused. Resume it, then ask for a new plan.`;
  }
  return null;
}
