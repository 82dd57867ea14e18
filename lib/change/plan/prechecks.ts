import 'server-only';
import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import { readAutoscalers, readDisruptionBudgets, readQuotas } from '@/lib/actuators/kubernetes/read';
import type { OnBehalfOf } from '@/lib/actuators/kubernetes/write';
import { mayPatch, OPERATORS_GROUP } from '@/lib/actuators/kubernetes/write';
import { messageOf } from '@/lib/core/errors';
import { changeId } from '@/lib/core/ids';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { DeployPlan, Precheck } from '../contract';
import type { Observed } from '../execute/observe';
import { executingStates } from '../model';
import { isComplete, isHealthy, rolloutSentence, troubles } from '../rollout';
import { activeKill } from '../switch/active';
import { PodTemplate } from '../template';
import { podsWord } from '../words';
import { surgePods } from './quantity';
import { quotaCheck } from './quota-check';

type Result = Precheck['result'];
const check = (id: string, title: string, result: Result, detail: string): Precheck => ({
  id,
  title,
  result,
  detail,
});

export type PrecheckParts = {
  client: ClusterClient;
  observed: Observed;
  plan: DeployPlan;
  onBehalfOf: OnBehalfOf;
};

/** Checks of the cluster at this moment. A read that fails is a warning that says so, never a pass. */
export async function clusterChecks(parts: PrecheckParts): Promise<Precheck[]> {
  const { plan, observed } = parts;
  return [
    healthCheck(observed, plan),
    check(
      'paused',
      'The Deployment is not paused',
      observed.live.paused ? 'fail' : 'pass',
      observed.live.paused
        ? 'Somebody paused it; resume it first: a paused Deployment does not roll.'
        : 'It rolls freely.',
    ),
    ...(await Promise.all([
      attempt('rights', 'The cluster lets us write', () => rightsCheck(parts)),
      attempt('autoscaler', 'Autoscaler', () => autoscalerCheck(parts)),
      attempt('quota', 'Room for the extra pods', () => quotaOf(parts)),
      attempt('disruption-budget', 'Disruption budget', () => budgetCheck(parts)),
    ])),
  ];
}

async function attempt(id: string, title: string, run: () => Promise<Precheck>): Promise<Precheck> {
  try {
    return await run();
  } catch (error) {
    return check(id, title, 'warn', `Could not be checked: ${messageOf(error)}`);
  }
}

function healthCheck({ live }: Observed, plan: DeployPlan): Precheck {
  const title = 'The workload is healthy now';
  // An idle colour may well have no pods at all.
  const healthy = plan.guard.judges === false ? isComplete(live) : isHealthy(live);
  const detail = troubles(live) ?? `${rolloutSentence(live, plan.from.version)}.`;
  const alone = plan.undo.isKnownGood === false ? ' The change will not go back to this by itself.' : '';
  return check('healthy', title, healthy ? 'pass' : 'warn', `${detail}${alone}`);
}

async function rightsCheck({ client, plan, onBehalfOf }: PrecheckParts): Promise<Precheck> {
  const allowed = await mayPatch(client, plan.target, onBehalfOf);
  const where = `Deployments in ${plan.target.namespace}`;
  return check(
    'rights',
    'The cluster lets us write',
    allowed ? 'pass' : 'fail',
    allowed
      ? `The group ${OPERATORS_GROUP} may patch ${where}.`
      : `The group ${OPERATORS_GROUP} may not patch ${where}. Bind the role of deploy/kubernetes there.`,
  );
}

async function autoscalerCheck({ client, plan }: PrecheckParts): Promise<Precheck> {
  const all = await readAutoscalers(client, plan.target.namespace);
  const mine = all.find(
    ({ spec }) => spec.scaleTargetRef.kind === 'Deployment' && spec.scaleTargetRef.name === plan.target.name,
  );
  const title = 'Autoscaler';
  if (mine === undefined)
    return check('autoscaler', title, 'pass', 'No autoscaler changes the number of pods.');
  const { minReplicas, maxReplicas } = mine.spec;
  const wanted = plan.write?.replicas;
  if (wanted !== undefined) {
    const outside = wanted < minReplicas || wanted > maxReplicas;
    return check(
      'autoscaler',
      title,
      'warn',
      `${mine.metadata.name} keeps ${minReplicas} to ${maxReplicas} pods and ${outside ? 'will undo this at once' : 'may undo this at any time'}. Change its limits instead.`,
    );
  }
  return check(
    'autoscaler',
    title,
    'pass',
    `${mine.metadata.name} keeps ${minReplicas} to ${maxReplicas} pods and may scale during the rollout.`,
  );
}

async function quotaOf({ client, plan, observed }: PrecheckParts): Promise<Precheck> {
  const quotas = await readQuotas(client, plan.target.namespace);
  const wanted = plan.write?.replicas;
  const extra =
    wanted === undefined ? surgePods(plan.maxSurge, plan.replicas) : Math.max(0, wanted - plan.replicas);
  return quotaCheck(quotas, observed.subset.template, extra);
}

async function budgetCheck({ client, plan, observed }: PrecheckParts): Promise<Precheck> {
  // A budget selects pods, and those have the labels of the template; the Deployment's own may differ.
  const labels = PodTemplate.parse(observed.subset.template).metadata?.labels ?? {};
  const all = await readDisruptionBudgets(client, plan.target.namespace);
  const mine = all.find(({ spec }) => {
    const wanted = Object.entries(spec.selector?.matchLabels ?? {});
    return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
  });
  const title = 'Disruption budget';
  if (mine === undefined) {
    return check('disruption-budget', title, 'warn', 'None: a node drain may take several pods at once.');
  }
  const rule =
    mine.spec.minAvailable === undefined
      ? `at most ${mine.spec.maxUnavailable ?? 1} away`
      : `at least ${mine.spec.minAvailable} available`;
  const wanted = plan.write?.replicas;
  if (wanted !== undefined && wanted <= Number(mine.spec.minAvailable ?? 0)) {
    const detail = `${mine.metadata.name}: ${rule}. With ${podsWord(wanted)} no node could be drained any more.`;
    return check('disruption-budget', title, 'warn', detail);
  }
  return check('disruption-budget', title, 'pass', `${mine.metadata.name}: ${rule}.`);
}

/** FREEZE and BACK OUT keep everything from starting. */
export async function switchCheck(db: DatabaseOrTransaction, plan: DeployPlan): Promise<Precheck> {
  const title = 'Nothing is frozen';
  const kill = await activeKill(db, plan);
  return kill === null
    ? check('switch', title, 'pass', 'No switch is pulled here.')
    : check('switch', title, 'fail', `${kill.sentence} Nothing starts until two people release it.`);
}

/** No other change on the workload; with others waiting, the place in the queue. */
export async function queueCheck(db: DatabaseOrTransaction, plan: DeployPlan): Promise<Precheck> {
  const others = await db.change.findMany({
    where: {
      cluster: plan.cluster,
      namespace: plan.target.namespace,
      service: plan.service,
      state: { in: ['Approved', 'Queued', ...executingStates, 'ReconcileRequired'] },
    },
    select: { number: true, state: true },
    orderBy: { number: 'asc' },
  });
  const title = 'No other change on this workload';
  const [first] = others;
  if (first === undefined) return check('queue', title, 'pass', 'Nothing else is running or waiting here.');
  const names = others.map(({ number }) => changeId(number)).join(', ');
  return check(
    'queue',
    title,
    'warn',
    `${names} come${others.length === 1 ? 's' : ''} first; this one would be number ${others.length + 1}.` +
      (plan.data === undefined
        ? ' When one of them changes the pod template, this plan no longer fits and is voided.'
        : ''),
  );
}
