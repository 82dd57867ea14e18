import 'server-only';
import { z } from 'zod';
import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import { isClusterError } from '@/lib/actuators/kubernetes/error';
import type { ClusterObject } from '@/lib/actuators/kubernetes/object';
import type { ObjectKind, PlannedObject } from '../contract';
import { type Finding, fail, pass, warn, worst } from './check';
import { deploymentNamed, type Region, scalerNamed } from './read-region';
import type { Work } from './work';

type Metadata = ClusterObject['metadata'];

/** Who keeps an object as it is in git (change-engine.md 1.8), by the marks that they leave on it. */
type Keeper = { by: 'argo'; application: string; isSure: boolean } | { by: 'flux'; name: string };

function keeperOf({ annotations, labels }: Written['metadata']): Keeper | null {
  const tracked = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? '';
  if (tracked !== '') return { by: 'argo', application: tracked, isSure: true };
  const own = labels['argocd.argoproj.io/instance'];
  if (own !== undefined) return { by: 'argo', application: own, isSure: true };
  const flux = labels['kustomize.toolkit.fluxcd.io/name'] ?? labels['helm.toolkit.fluxcd.io/name'];
  if (flux !== undefined) return { by: 'flux', name: flux };
  // Argo CD's default label, which Helm and people set as well: it counts where there is such an Application.
  const instance = labels['app.kubernetes.io/instance'];
  return instance === undefined ? null : { by: 'argo', application: instance, isSure: false };
}

const Ignore = z.looseObject({
  group: z.string().default(''),
  kind: z.string().default(''),
  name: z.string().default(''),
  namespace: z.string().default(''),
  jsonPointers: z.array(z.string()).default([]),
  jqPathExpressions: z.array(z.string()).default([]),
  managedFieldsManagers: z.array(z.string()).default([]),
});

const Application = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string().default('') }),
  spec: z.looseObject({
    syncPolicy: z
      .looseObject({
        automated: z
          .looseObject({ selfHeal: z.boolean().optional(), enabled: z.boolean().optional() })
          .nullish(),
        syncOptions: z.array(z.string()).default([]),
      })
      .prefault({}),
    ignoreDifferences: z.array(Ignore).default([]),
  }),
});
type Application = z.infer<typeof Application>;

const Applications = z.looseObject({ items: z.array(Application).default([]) });

/** Null: there is none of that name. Throws ClusterError when the cluster does not let us look. */
async function findApplication(client: ClusterClient, name: string): Promise<Application | null> {
  const { items } = await client.get(Applications, '/apis/argoproj.io/v1alpha1/applications');
  // Of an application outside Argo CD's own namespace, the mark is `<namespace>_<name>`.
  return (
    items.find(
      ({ metadata }) => metadata.name === name || `${metadata.namespace}_${metadata.name}` === name,
    ) ?? null
  );
}

/** What has to be ignored for our writes to stay, as rules name it. */
const paths: Record<ObjectKind, readonly string[]> = {
  Deployment: ['.spec.template', '.spec.replicas', '.spec.paused'],
  Service: ['.spec.selector'],
  VirtualService: ['.spec.http'],
  HTTPRoute: ['.spec.rules'],
  ConfigMap: [],
  HorizontalPodAutoscaler: ['.spec.minReplicas'],
};

/** The rule to add: with a header rule its destination changes too, and not the weights alone. */
function ruleFor(path: string, hasHeader: boolean): string {
  if (path === '.spec.http') return hasHeader ? '.spec.http[].route' : '.spec.http[].route[].weight';
  if (path === '.spec.rules')
    return hasHeader ? '.spec.rules[].backendRefs' : '.spec.rules[].backendRefs[].weight';
  return path;
}

/** Of a ConfigMap the rule may name all of its data, too. */
const covers = (one: string, path: string): boolean =>
  one.startsWith(pointer(path)) || (path.startsWith('.data.') && one === '/data');

const pointer = (path: string): string => path.replaceAll('.', '/');

/** What of it the rules of an application let differ, as JSON pointers; `whole`: all that this program writes. */
function ignoredOf(
  application: Application,
  object: Written['object'],
): { whole: boolean; pointers: string[] } {
  const rules = application.spec.ignoreDifferences.filter(
    ({ kind, name, namespace }) =>
      (kind === object.kind || kind === '*') &&
      (name === '' || name === object.name) &&
      (namespace === '' || namespace === object.namespace),
  );
  return {
    whole: rules.some(({ managedFieldsManagers }) => managedFieldsManagers.includes('signalbox')),
    pointers: rules.flatMap(({ jsonPointers, jqPathExpressions }) => [
      ...jsonPointers,
      ...jqPathExpressions.map(pointer),
    ]),
  };
}

/** Whether somebody will put back what the plan writes (fault 24). */
export async function gitops(
  { region }: Work,
  written: readonly { object: PlannedObject; members: readonly string[] }[],
): Promise<Finding> {
  const hasHeader = hasHeaderRule(region);
  const findings = await Promise.all(
    written.map(({ object, members }) => {
      const metadata = metadataOf(region, object);
      return keptInGit(region.client, { object, metadata, members, hasHeader });
    }),
  );
  return worst(findings, pass('Nothing is written there.'));
}

type Written = {
  object: Pick<PlannedObject, 'kind' | 'namespace' | 'name'>;
  metadata: Pick<Metadata, 'annotations' | 'labels'>;
  /** Members of its spec, or keys of its data. */
  members: readonly string[];
  /** A header rule sends requests of its own, so that its destination changes with the weights. */
  hasHeader: boolean;
};

/** Whether a GitOps controller keeps one object as it is in git, and would put a write of these members back. */
export async function keptInGit(
  client: ClusterClient,
  { object, metadata, members, hasHeader }: Written,
): Promise<Finding> {
  const name = `${object.kind} ${object.name}`;
  const keeper = keeperOf(metadata);
  if (keeper === null) return pass(`No GitOps controller keeps ${name}.`);
  if (keeper.by === 'flux') {
    return warn(
      `Flux's ${keeper.name} keeps ${name} and applies it again at its interval. Suspend it for the time of the change.`,
    );
  }
  try {
    const application = await findApplication(client, keeper.application);
    if (application !== null) return judge(application, object, members, hasHeader);
    return keeper.isSure
      ? warn(
          `Argo CD's Application ${keeper.application} keeps ${name}, but is not in this cluster to be read.`,
        )
      : pass(`No GitOps controller keeps ${name}.`);
  } catch (error) {
    if (!isClusterError(error)) throw error;
    // Without the kind there is no Argo CD here, and the label is somebody else's.
    if (error.failure === 'not-found' && !keeper.isSure) return pass(`No GitOps controller keeps ${name}.`);
    return warn(
      `Argo CD's Application ${keeper.application} seems to keep ${name}; whether it puts writes back is not known: ${error.message}`,
    );
  }
}

function judge(
  application: Application,
  object: Written['object'],
  members: readonly string[],
  hasHeader: boolean,
): Finding {
  const { metadata, spec } = application;
  const { automated, syncOptions } = spec.syncPolicy;
  const name = `${object.kind} ${object.name}`;
  const keeps = `Argo CD's Application ${metadata.name} keeps ${name}`;
  const { whole, pointers } = ignoredOf(application, object);
  const wanted =
    object.kind === 'ConfigMap'
      ? members.map((key) => `.data.${key}`)
      : paths[object.kind].filter((path) => members.includes(path.slice('.spec.'.length)));
  const missing = whole ? [] : wanted.filter((path) => !pointers.some((one) => covers(one, path)));
  if (missing.length > 0) {
    const rules = missing.map((path) => ruleFor(path, hasHeader)).join(', ');
    const says = `${keeps}, and none of its ignoreDifferences names ${rules}`;
    const heals = automated != null && automated.enabled !== false && automated.selfHeal === true;
    return heals
      ? fail(
          `${says}: its self-heal would put our write back at once. Add that, with RespectIgnoreDifferences=true.`,
        )
      : warn(`${says}: its next sync puts our write back.`);
  }
  if (!syncOptions.includes('RespectIgnoreDifferences=true')) {
    return warn(
      `${keeps} and ignores our write, but without RespectIgnoreDifferences=true any sync of it puts that back.`,
    );
  }
  const isRouter = object.kind === 'VirtualService' || object.kind === 'HTTPRoute';
  if (isRouter && hasHeader && !whole && pointers.every((one) => one.endsWith('weight'))) {
    return warn(
      `${keeps} and leaves its weights alone, but not where the header rule sends to: ${wanted.map((path) => ruleFor(path, true)).join(', ')} is to be ignored.`,
    );
  }
  return pass(`${keeps} and leaves what the plan writes alone.`);
}

const hasHeaderRule = ({ pair: { traffic } }: Region): boolean =>
  (traffic.kind === 'virtual-service' && traffic.headerRoute !== undefined) ||
  (traffic.kind === 'http-route' && traffic.headerRule !== undefined);

function metadataOf(region: Region, { kind, name }: PlannedObject): Metadata {
  if (kind === 'ConfigMap' && region.maintenance !== null) return region.maintenance.object.metadata;
  const scaler = scalerNamed(region, kind, name);
  if (scaler !== null) return scaler.metadata;
  if (kind !== 'Deployment' && region.router !== null) return region.router.object.metadata;
  return deploymentNamed(region, name).deployment.metadata;
}
