import { holderOf } from '@/lib/actuators/kubernetes/object';
import { canonicalJson } from '@/lib/audit/canonical';
import type { DeployPlan } from '../../plan-contract';
import type { BackStep, Fields, ObjectKind, PlannedObject, Staged } from '../contract';
import { pickFields } from '../fields';
import { writesOf } from './objects';

/** Resources as kubectl takes them whatever else the cluster calls so. */
const resources: Record<ObjectKind, string> = {
  Deployment: 'deployments.apps',
  Service: 'services',
  VirtualService: 'virtualservices.networking.istio.io',
  HTTPRoute: 'httproutes.gateway.networking.k8s.io',
  ConfigMap: 'configmaps',
  HorizontalPodAutoscaler: 'horizontalpodautoscalers.autoscaling',
};

/** Until the pods of the old version are ready, before the script stops and asks. */
const READY_SECONDS = 120;

/** One word of a POSIX shell, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Text in a comment or a message never ends its line. */
const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ').trim();

type Ref = Pick<PlannedObject, 'cluster' | 'kind' | 'namespace' | 'name' | 'uid'>;

const kubectl = ({ cluster, namespace }: Ref, rest: string): string =>
  `"$KUBECTL" --context ${quoted(cluster)} --namespace ${quoted(namespace)} ${rest}`;

/**
 * Members of spec put back as one JSON patch: whole, so that nothing of the new version stays behind (a merge patch
 * would keep what it added), and only on the object that the plan was made for.
 */
function patch(object: Ref, fields: Fields): string {
  const operations = [
    { op: 'test', path: '/metadata/uid', value: object.uid },
    ...Object.entries(fields).map(([member, value]) => ({
      op: 'add',
      path: `/${holderOf(object.kind)}/${member}`,
      value,
    })),
  ];
  return kubectl(
    object,
    `patch ${resources[object.kind]} ${quoted(object.name)} --type=json --field-manager=signalbox-script \\\n  --patch ${quoted(canonicalJson(operations))}`,
  );
}

/** `pods`: so many have to be ready, however few the Deployment is set to by now: a rollout of none is complete, too. */
const ready = (object: Ref, pods: number | null): string => {
  const status = kubectl(
    object,
    `rollout status ${quoted(`deployment/${object.name}`)} --timeout=${READY_SECONDS}s`,
  );
  const count = kubectl(
    object,
    `get deployments.apps ${quoted(object.name)} --output=jsonpath='{.status.readyReplicas}'`,
  );
  const isEnough = pods === null ? [] : [`[ "0$(${count})" -ge ${pods} ]`];
  return [
    `{ ${[status, ...isEnough].join(' &&\n  ')}; } ||`,
    '  [ "$FORCE" = 1 ] || { echo \'Not all pods are ready. FORCE=1 goes on anyway.\' >&2; exit 1; }',
  ].join('\n');
};

/** A variable of the shell with what it is when the caller has not set it. */
const fromEnvironment = (name: string, otherwise: string): string => `${name}="\${${name}:-${otherwise}}"`;

type Command = { title: string; text: string };

/**
 * The way back as a POSIX shell script, for the day when neither this program nor its database answers
 * (change-engine.md 2.2, 14). It is made from the signed plan alone; a context of kubectl has the name of its cluster.
 */
export function backOutScript(plan: DeployPlan): string {
  const commands = plan.staged === undefined ? rolling(plan) : staged(plan.staged);
  const clusters = [...new Set(plan.staged?.objects.map(({ cluster }) => cluster) ?? [plan.cluster])];
  const total = commands.length;
  const what = `${plan.service} in ${plan.environment}: ${plan.to.version} back to ${plan.undo.version}`;
  return [
    '#!/bin/sh',
    `# The way back of a change of ${oneLine(what)}.`,
    '# Only for when Signalbox cannot do it. It puts back what the plan was made from, whoever has written since.',
    ...migrationNote(plan),
    `# Contexts of kubectl that it needs: ${clusters.join(', ')}. KUBECTL names another program than kubectl.`,
    'set -eu',
    fromEnvironment('KUBECTL', 'kubectl'),
    fromEnvironment('FORCE', '0'),
    ...commands.flatMap(({ title, text }, index) => [
      '',
      `echo ${quoted(`${index + 1} of ${total}: ${oneLine(title)}`)}`,
      text,
    ]),
    '',
  ].join('\n');
}

/** What the commands cannot put back. */
function migrationNote({ staged: parts, undo }: DeployPlan): string[] {
  const job = parts?.steps.find((step) => step.do === 'job');
  if (job?.do !== 'job') return [];
  return [
    `# The ${job.class} migration of the database (Job ${job.name}) is not undone: ${oneLine(undo.version)} has to work with the new schema.`,
  ];
}

function staged(plan: Staged): Command[] {
  return plan.back.flatMap((step) => {
    const object = plan.objects.find(({ key }) => key === step.object);
    return object === undefined ? [] : [commandOf(plan, step, object)];
  });
}

function commandOf(plan: Staged, step: BackStep, object: PlannedObject): Command {
  const { title } = step;
  switch (step.do) {
    case 'ready':
      return { title, text: ready(object, step.pods) };
    case 'drain':
      return { title, text: `sleep ${Math.ceil(step.seconds)}` };
    case 'write': {
      const members = writesOf(plan.steps, object.key).flatMap(({ set }) => Object.keys(set));
      return { title, text: patch(object, pickFields(object.baseline, members)) };
    }
  }
}

/** Of a change of one Deployment: its template, its pause and, where the change sets them, its replicas. */
function rolling({ target, cluster, undo, write }: DeployPlan): Command[] {
  const object: Ref = { ...target, cluster };
  const setsTemplate = write === undefined || write.template !== undefined;
  const fields: Fields = {
    ...(setsTemplate ? { template: JSON.parse(undo.template) } : {}),
    paused: false,
    ...(undo.replicas === undefined ? {} : { replicas: undo.replicas }),
  };
  const what = setsTemplate ? `the pod template of ${undo.version}` : `${undo.replicas} replicas`;
  return [
    { title: `put ${what} back on ${target.name}`, text: patch(object, fields) },
    { title: `wait until ${target.name} has rolled back`, text: ready(object, null) },
  ];
}
