import 'server-only';
import { resourceOf } from '@/lib/actuators/kubernetes/object';
import { readAutoscalers, readDisruptionBudgets, readQuotas } from '@/lib/actuators/kubernetes/read';
import { mayPatch, type OnBehalfOf, OPERATORS_GROUP } from '@/lib/actuators/kubernetes/write';
import { quotaCheck } from '../../plan/quota-check';
import { PodTemplate } from '../../template';
import { podsWord } from '../../words';
import type { PlannedObject, Staged } from '../contract';
import { heldIn } from './autoscaler';
import { type Finding, fail, pass, warn, worst } from './check';
import type { Work } from './work';

/** The operators' group may patch every object that the plan writes, on the way there and back. */
export async function rights(
  { region }: Work,
  written: readonly PlannedObject[],
  onBehalfOf: OnBehalfOf,
): Promise<Finding> {
  const findings = await Promise.all(
    written.map(async ({ kind, namespace, name }) => {
      const allowed = await mayPatch(region.client, { namespace, name }, onBehalfOf, resourceOf(kind));
      return allowed
        ? pass(`The group ${OPERATORS_GROUP} may patch ${kind} ${name}.`)
        : fail(
            `The group ${OPERATORS_GROUP} may not patch ${kind} ${name} in ${namespace}. Bind the role of deploy/kubernetes there.`,
          );
    }),
  );
  return worst(findings, pass('Nothing is written there.'));
}

/** Room for the highest number of pods at any step. */
export async function quota(
  { region, candidate, template, baseline }: Work,
  capacity: Staged['capacity'][number] | undefined,
): Promise<Finding> {
  const { members, target } = region;
  const beside = baseline === null ? 0 : (region.baseline?.now.live.replicas ?? 0);
  const now = members.blue.live.replicas + members.green.live.replicas + beside;
  const extra = Math.max(0, (capacity?.highest ?? now) - now);
  const quotas = await readQuotas(region.client, target.placement.namespace);
  const { result, detail } = quotaCheck(quotas, template ?? members[candidate].subset.template, extra);
  return { result, detail };
}

/** An autoscaler of either colour writes the replicas that the plan counts on; that of the old one is held. */
export async function autoscalers(work: Work): Promise<Finding> {
  const { region, candidate, old, baseline } = work;
  const { pair, target } = region;
  const all = await readAutoscalers(region.client, target.placement.namespace);
  const named = [candidate, old].map((colour) => [colour, pair[colour].deployment] as const);
  const beside = baseline === null ? [] : [['baseline', baseline.deployment] as const];
  const findings = [...named, ...beside].flatMap(([colour, name]) => {
    const mine = all.find(
      ({ spec }) => spec.scaleTargetRef.kind === 'Deployment' && spec.scaleTargetRef.name === name,
    );
    if (mine === undefined) return [];
    const { minReplicas, maxReplicas } = mine.spec;
    const keeps = `${mine.metadata.name} keeps ${minReplicas} to ${maxReplicas} pods of ${name} (${colour})`;
    const held = colour === old ? heldIn(work) : null;
    if (held !== null) {
      return [pass(`${keeps}; until the watch is over the change lets it take none of the ${held.pods}.`)];
    }
    if (colour === old && minReplicas >= region.members[old].live.replicas) {
      return [pass(`${keeps}, and takes none of those that the way back needs.`)];
    }
    const does =
      colour !== old
        ? 'and will change the number of pods that the plan sets'
        : 'and may take pods from it when requests go away; the way back needs them';
    return [warn(`${keeps} ${does}. Raise its minimum first.`)];
  });
  return worst(findings, pass('No autoscaler changes the number of pods of either colour.'));
}

/** The colour that is to serve needs a budget as the other has one: labels decide, not names. */
export async function disruptionBudget({ region, candidate, template, need }: Work): Promise<Finding> {
  const { members, pair, target } = region;
  const labels = PodTemplate.parse(template ?? members[candidate].subset.template).metadata?.labels ?? {};
  const all = await readDisruptionBudgets(region.client, target.placement.namespace);
  const mine = all.find(({ spec }) => {
    const wanted = Object.entries(spec.selector?.matchLabels ?? {});
    return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
  });
  const name = pair[candidate].deployment;
  if (mine === undefined) {
    return warn(`None covers the pods of ${name}: a node drain may take several of them at once.`);
  }
  const { minAvailable, maxUnavailable } = mine.spec;
  const rule =
    minAvailable === undefined ? `at most ${maxUnavailable ?? 1} away` : `at least ${minAvailable} available`;
  return typeof minAvailable === 'number' && need <= minAvailable
    ? warn(`${mine.metadata.name}: ${rule}. With ${podsWord(need)} no node could be drained any more.`)
    : pass(`${mine.metadata.name}: ${rule}.`);
}
