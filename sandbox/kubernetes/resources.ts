import type { ResourceName } from './store';

/** One API resource: what discovery says about it and how its lists and patches behave. */
export type ResourceType = {
  /** Key in the store: plural and group, `deployments.apps`. */
  id: ResourceName;
  plural: string;
  singular: string;
  kind: string;
  group: string;
  /** Served versions, the stored one first. */
  versions: string[];
  namespaced: boolean;
  /** Defined by a CustomResourceDefinition: sorted keys, no strategic merge, items carry their kind. */
  custom: boolean;
  shortNames: string[];
  categories: string[];
  /** Subresources with status 200 answers of their own; `status` and `scale` are handled alike for all. */
  subresources: string[];
  /** Fields besides metadata.name and metadata.namespace that a field selector may name. */
  fieldSelectors: string[];
};

type Options = {
  short?: string[];
  all?: boolean;
  sub?: string[];
  fields?: string[];
  cluster?: boolean;
  custom?: boolean;
};

function resource(groupVersions: string, plural: string, kind: string, options: Options = {}): ResourceType {
  const [group = '', versions = 'v1'] = groupVersions.includes('/')
    ? groupVersions.split('/')
    : ['', groupVersions];
  return {
    id: group === '' ? plural : `${plural}.${group}`,
    plural,
    singular: kind.toLowerCase(),
    kind,
    group,
    versions: versions.split(','),
    namespaced: options.cluster !== true,
    custom: options.custom === true,
    shortNames: options.short ?? [],
    categories: options.all === true ? ['all'] : [],
    subresources: options.sub ?? [],
    fieldSelectors: options.fields ?? [],
  };
}

const EVENT_FIELDS = [
  'involvedObject.kind',
  'involvedObject.namespace',
  'involvedObject.name',
  'involvedObject.uid',
  'involvedObject.apiVersion',
  'involvedObject.resourceVersion',
  'involvedObject.fieldPath',
  'reason',
  'reportingComponent',
  'source',
  'type',
];
const POD_FIELDS = [
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'spec.hostNetwork',
  'status.phase',
  'status.podIP',
  'status.nominatedNodeName',
];
const RBAC = 'rbac.authorization.k8s.io/v1';

export const RESOURCES: ResourceType[] = [
  resource('v1', 'configmaps', 'ConfigMap', { short: ['cm'] }),
  resource('v1', 'endpoints', 'Endpoints', { short: ['ep'] }),
  resource('v1', 'events', 'Event', { short: ['ev'], fields: EVENT_FIELDS }),
  resource('v1', 'namespaces', 'Namespace', {
    short: ['ns'],
    cluster: true,
    sub: ['status'],
    fields: ['status.phase'],
  }),
  resource('v1', 'nodes', 'Node', {
    short: ['no'],
    cluster: true,
    sub: ['status'],
    fields: ['spec.unschedulable'],
  }),
  resource('v1', 'pods', 'Pod', {
    short: ['po'],
    all: true,
    sub: ['eviction', 'log', 'status'],
    fields: POD_FIELDS,
  }),
  resource('v1', 'resourcequotas', 'ResourceQuota', { short: ['quota'], sub: ['status'] }),
  resource('v1', 'secrets', 'Secret', { fields: ['type'] }),
  resource('v1', 'serviceaccounts', 'ServiceAccount', { short: ['sa'] }),
  resource('v1', 'services', 'Service', {
    short: ['svc'],
    all: true,
    sub: ['status'],
    fields: ['spec.clusterIP', 'spec.type'],
  }),
  resource('apps/v1', 'deployments', 'Deployment', {
    short: ['deploy'],
    all: true,
    sub: ['scale', 'status'],
  }),
  resource('apps/v1', 'replicasets', 'ReplicaSet', {
    short: ['rs'],
    all: true,
    sub: ['scale', 'status'],
    fields: ['status.replicas'],
  }),
  resource('apps/v1', 'statefulsets', 'StatefulSet', {
    short: ['sts'],
    all: true,
    sub: ['scale', 'status'],
    fields: ['status.successful'],
  }),
  resource('autoscaling/v2,v1', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
    short: ['hpa'],
    all: true,
    sub: ['status'],
  }),
  resource('batch/v1', 'cronjobs', 'CronJob', { short: ['cj'], all: true, sub: ['status'] }),
  resource('batch/v1', 'jobs', 'Job', { all: true, sub: ['status'], fields: ['status.successful'] }),
  resource('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice'),
  resource('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', { short: ['pdb'], sub: ['status'] }),
  resource(RBAC, 'clusterrolebindings', 'ClusterRoleBinding', { cluster: true }),
  resource(RBAC, 'clusterroles', 'ClusterRole', { cluster: true }),
  resource(RBAC, 'rolebindings', 'RoleBinding'),
  resource(RBAC, 'roles', 'Role'),
  resource('networking.istio.io/v1,v1beta1', 'destinationrules', 'DestinationRule', {
    short: ['dr'],
    custom: true,
    sub: ['status'],
  }),
  resource('networking.istio.io/v1,v1beta1', 'virtualservices', 'VirtualService', {
    short: ['vs'],
    custom: true,
    sub: ['status'],
  }),
  resource('argoproj.io/v1alpha1', 'applications', 'Application', { short: ['app', 'apps'], custom: true }),
  resource('gateway.networking.k8s.io/v1', 'httproutes', 'HTTPRoute', { custom: true, sub: ['status'] }),
];

const byId = new Map(RESOURCES.map((type) => [type.id, type]));

/** Events are stored once, in core/v1 form, and served by two groups. */
export const EVENTS_GROUP = 'events.k8s.io';

/** The resource that a URL names, or null when the version or the plural is not served. */
export function findResource(group: string, version: string, plural: string): ResourceType | null {
  if (group === EVENTS_GROUP)
    return plural === 'events' && version === 'v1' ? (byId.get('events') ?? null) : null;
  const type = byId.get(group === '' ? plural : `${plural}.${group}`);
  return type?.versions.includes(version) ? type : null;
}

/** The resource of a kind, for manifests; null for kinds that the cluster does not have. */
export function resourceOfKind(apiVersion: string, kind: string): ResourceType | null {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  return RESOURCES.find((type) => type.group === group && type.kind === kind) ?? null;
}

/** `apps` + `v1` → `apps/v1`; the core group has no prefix. */
export function groupVersion(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Groups and versions that are served, in the order in which discovery lists them. */
export function servedGroups(): { group: string; versions: string[] }[] {
  const groups = new Map<string, string[]>();
  for (const type of RESOURCES) if (type.group !== '') groups.set(type.group, type.versions);
  groups.set(EVENTS_GROUP, ['v1']);
  groups.set('authorization.k8s.io', ['v1']);
  groups.set('authentication.k8s.io', ['v1']);
  return [...groups].map(([group, versions]) => ({ group, versions }));
}
