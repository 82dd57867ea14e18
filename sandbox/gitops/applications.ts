import { z } from 'zod';
import { writeAsAdmin } from '../kubernetes/admin-write';
import type { Cluster } from '../kubernetes/cluster';
import type { JsonObject, KubeObject } from '../kubernetes/store';
import { type AppService, findService } from '../topology';
import { type ManagedPart, type Manifest, manifestsOf } from './manifests';
import { type HealClock, type HealPolicy, machineClock, SelfHeal } from './self-heal';

const NAMESPACE = 'argocd';
const RESOURCE = 'applications.argoproj.io';
const TRACKING = 'argocd.argoproj.io/tracking-id';
const MANAGER = 'argocd-controller';
const USER_AGENT = 'argocd-application-controller/v3.1.0';
const RESPECT = 'RespectIgnoreDifferences=true';

const Ignores = z.array(
  z.object({
    kind: z.string(),
    name: z.string().optional(),
    jsonPointers: z.array(z.string()).optional(),
    jqPathExpressions: z.array(z.string()).optional(),
  }),
);
export type IgnoreDifferences = z.infer<typeof Ignores>;

const Spec = z.object({
  syncPolicy: z
    .object({
      automated: z
        .object({ selfHeal: z.boolean().default(false), enabled: z.boolean().default(true) })
        .nullish(),
      syncOptions: z.array(z.string()).default([]),
    })
    .prefault({}),
  ignoreDifferences: Ignores.default([]),
});

export type StartApplication = {
  service: string;
  manages: readonly ManagedPart[];
  selfHeal: boolean;
  ignoreDifferences: IgnoreDifferences;
  respectIgnoreDifferences: boolean;
};

export type ApplicationState = {
  cluster: string;
  name: string;
  selfHeal: boolean;
  outOfSync: string[];
  healed: number;
  attempts: number;
};

type Running = { cluster: Cluster; heal: SelfHeal; manifests: Manifest[]; unsubscribe: () => void };

/**
 * A second writer that behaves as Argo CD: Applications in the clusters, and the controller that puts back what git
 * holds. Nothing of it is there until it is asked for, and after a restart it is gone.
 */
export class Applications {
  readonly #running = new Map<string, Running>();
  readonly #clock: HealClock;

  constructor(clusters: readonly Cluster[], clock: HealClock = machineClock) {
    this.#clock = clock;
    for (const cluster of clusters) forget(cluster);
  }

  /** Starts the Application of a service, or gives the one that runs another policy; its git stays then. */
  async start(cluster: Cluster, asked: StartApplication): Promise<ApplicationState> {
    const service = findService(asked.service);
    if (!service) throw new Error(`There is no service ${asked.service} here.`);
    const key = `${cluster.id}/${service.id}`;
    put(cluster, service, asked);
    const running = this.#running.get(key) ?? this.#run(cluster, service, asked.manages);
    this.#running.set(key, running);
    for (const manifest of running.manifests) await write(cluster, service, manifest, {});
    running.heal.policy = policyOf(cluster, service.id);
    return stateOf(service.id, running);
  }

  /** False when there was none. */
  stop(cluster: Cluster, service: string): boolean {
    const key = `${cluster.id}/${service}`;
    const running = this.#running.get(key);
    if (!running) return false;
    this.#running.delete(key);
    running.heal.stop();
    running.unsubscribe();
    cluster.store.remove(RESOURCE, NAMESPACE, service);
    for (const { resource, namespace, name } of running.manifests)
      untrack(cluster, resource, namespace, name);
    return true;
  }

  stopAll(): void {
    for (const [key, { cluster }] of [...this.#running]) this.stop(cluster, key.split('/')[1] ?? '');
  }

  list(): ApplicationState[] {
    return [...this.#running].map(([key, running]) => stateOf(key.split('/')[1] ?? '', running));
  }

  #run(cluster: Cluster, service: AppService, parts: readonly ManagedPart[]): Running {
    const { store } = cluster;
    const manifests = manifestsOf(store, service, service.namespaces.production, parts);
    const heal: SelfHeal = new SelfHeal({
      store,
      manifests,
      // Until its objects are marked it only looks.
      policy: { ...policyOf(cluster, service.id), selfHeal: false },
      clock: this.#clock,
      write: (manifest, patch) => write(cluster, service, manifest, patch),
      onLook: () => report(cluster, service.id, manifests, heal, this.#clock.now()),
    });
    const unsubscribe = store.subscribe((resource, event) => {
      if (resource !== RESOURCE || event.object.metadata.name !== service.id || !event.previous) return;
      if (JSON.stringify(event.previous.spec) !== JSON.stringify(event.object.spec))
        heal.policy = policyOf(cluster, service.id);
    });
    return { cluster, heal, manifests, unsubscribe };
  }
}

/** What a store of an earlier run holds of Applications: nobody carries them out any more. */
function forget(cluster: Cluster): void {
  const { store } = cluster;
  for (const { metadata } of store.list(RESOURCE))
    store.remove(RESOURCE, metadata.namespace ?? null, metadata.name);
  const kinds = ['services', 'deployments.apps', 'virtualservices.networking.istio.io'];
  for (const resource of [...kinds, 'httproutes.gateway.networking.k8s.io']) {
    for (const { metadata } of store.list(resource))
      if (metadata.annotations?.[TRACKING] !== undefined)
        untrack(cluster, resource, metadata.namespace ?? '', metadata.name);
  }
}

function untrack({ store }: Cluster, resource: string, namespace: string, name: string): void {
  store.change(resource, namespace, name, (object) => {
    const { [TRACKING]: _mark, ...annotations } = object.metadata.annotations ?? {};
    return { ...object, metadata: { ...object.metadata, annotations } };
  });
}

/** The policy as the Application says it now: somebody may have edited it. */
function policyOf({ store }: Cluster, name: string): HealPolicy {
  const { syncPolicy, ignoreDifferences } = Spec.parse(store.get(RESOURCE, NAMESPACE, name)?.spec ?? {});
  return {
    selfHeal: syncPolicy.automated?.enabled === true && syncPolicy.automated.selfHeal,
    ignoreDifferences,
    respectIgnoreDifferences: syncPolicy.syncOptions.includes(RESPECT),
  };
}

/** Heals come through the API as those of a client: fields, times and the write log are those of a stranger. */
async function write(
  cluster: Cluster,
  { id }: AppService,
  { path, group, kind, namespace, name }: Manifest,
  patch: JsonObject,
): Promise<void> {
  const annotations = { [TRACKING]: `${id}:${group}/${kind}:${namespace}/${name}` };
  const body = { ...patch, metadata: { annotations } };
  const { status } = await writeAsAdmin(cluster, {
    path,
    patch: body,
    manager: MANAGER,
    userAgent: USER_AGENT,
  });
  if (status >= 400) console.error(`Argo CD could not write ${kind} ${name}: ${status}`);
}

function put({ store }: Cluster, service: AppService, asked: StartApplication): void {
  if (!store.get('namespaces', null, NAMESPACE)) {
    const labels = { 'kubernetes.io/metadata.name': NAMESPACE };
    const metadata = { name: NAMESPACE, labels };
    const spec = { finalizers: ['kubernetes'] };
    store.create('namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata,
      spec,
      status: { phase: 'Active' },
    });
  }
  const spec: JsonObject = JSON.parse(
    JSON.stringify({
      project: service.team,
      source: {
        repoURL: `https://git.example.com/${service.team}/deploy`,
        path: service.id,
        targetRevision: 'HEAD',
      },
      destination: { server: 'https://kubernetes.default.svc', namespace: service.namespaces.production },
      syncPolicy: {
        automated: { prune: false, selfHeal: asked.selfHeal },
        syncOptions: asked.respectIgnoreDifferences ? ['ApplyOutOfSyncOnly=true', RESPECT] : [],
      },
      ignoreDifferences: asked.ignoreDifferences,
    }),
  );
  const { id: name } = service;
  if (store.get(RESOURCE, NAMESPACE, name))
    store.change(RESOURCE, NAMESPACE, name, (object) => ({ ...object, spec }));
  else
    store.create(RESOURCE, {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name, namespace: NAMESPACE },
      spec,
    });
}

/** status as the controller keeps it; written when something in it changed. */
function report(cluster: Cluster, name: string, manifests: Manifest[], heal: SelfHeal, nowMs: number): void {
  const different = heal.outOfSync();
  const at = `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
  cluster.store.change(RESOURCE, NAMESPACE, name, (object: KubeObject) => {
    const resources = manifests.map((manifest) => ({
      group: manifest.group,
      kind: manifest.kind,
      namespace: manifest.namespace,
      name: manifest.name,
      status: different.includes(manifest) ? 'OutOfSync' : 'Synced',
    }));
    const status: JsonObject = {
      sync: { status: different.length > 0 ? 'OutOfSync' : 'Synced' },
      health: { status: 'Healthy' },
      resources,
    };
    if (heal.lastHealMs !== null) {
      const finishedAt = `${new Date(heal.lastHealMs).toISOString().slice(0, 19)}Z`;
      const message = 'successfully synced (all tasks run)';
      status['operationState'] = { phase: 'Succeeded', message, finishedAt };
    }
    const same =
      JSON.stringify({ ...object.status, reconciledAt: 0 }) ===
      JSON.stringify({ ...status, reconciledAt: 0 });
    return same ? null : { ...object, status: { ...status, reconciledAt: at } };
  });
}

const stateOf = (name: string, { cluster, heal }: Running): ApplicationState => ({
  cluster: cluster.id,
  name,
  selfHeal: policyOf(cluster, name).selfHeal,
  outOfSync: heal.outOfSync().map((manifest) => `${manifest.kind} ${manifest.name}`),
  healed: heal.healed,
  attempts: heal.attempts,
});
