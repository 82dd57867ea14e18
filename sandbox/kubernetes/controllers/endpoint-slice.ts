import { equalJson } from '../object';
import type { JsonObject, KubeObject, ResourceName, StoreEvent } from '../store';
import { type Context, type Controller, RESOURCES } from './context';
import { ownerReference } from './deployment-sets';
import { randomSuffix } from './names';
import { isFinished, isReady, isTerminating } from './pod-facts';
import { PodMembers } from './pod-members';
import { keyOf, listAt, numberAt, objectAt, textAt, textMapAt, timestampOf, trueAt, valueAt } from './read';
import { matchesLabels } from './selector';

/** The controller manager's --max-endpoints-per-slice. */
const MAX_ENDPOINTS = 100;
const MANY_PODS = 200;
const MANY_PODS_DELAY_MS = 100;
const REACTION_MS = 4;
const SERVICE_LABEL = 'kubernetes.io/service-name';

/** EndpointSlices that follow Service selectors: one entry per pod with an address. */
export class EndpointSliceController implements Controller {
  readonly name = 'endpointslice';
  readonly #context: Context;
  readonly #members: PodMembers;

  constructor(context: Context) {
    this.#context = context;
    this.#members = new PodMembers(context.index, RESOURCES.services, (service, labels) =>
      matchesLabels(textMapAt(service, 'spec', 'selector'), labels),
    );
  }

  adopt(resource: ResourceName, object: KubeObject): void {
    if (resource === RESOURCES.services) this.#enqueue(this.#members.recount(object));
  }

  observe(resource: ResourceName, event: StoreEvent): void {
    for (const key of this.#members.observe(resource, event)) this.#enqueue(key);
    if (resource === RESOURCES.endpointSlices && event.type === 'DELETED') {
      const service = event.object.metadata.labels?.[SERVICE_LABEL];
      if (service !== undefined) this.#enqueue(`${event.object.metadata.namespace ?? ''}/${service}`);
    }
  }

  sync(namespace: string | null, name: string): void {
    const { store, index } = this.#context;
    const service = store.get(RESOURCES.services, namespace, name);
    if (!service || !hasSelector(service)) return;
    const pods = new Map<string, KubeObject>();
    for (const podName of this.#members.of(keyOf(service))) {
      const pod = store.get(RESOURCES.pods, namespace, podName);
      if (pod && textAt(pod, 'status', 'podIP') !== undefined && !isFinished(pod))
        pods.set(pod.metadata.uid, pod);
    }
    const slices = index
      .ownedBy(RESOURCES.endpointSlices, service.metadata.uid)
      .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
    const groups = slices.map((slice) => ({ slice, endpoints: this.#refresh(slice, service, pods) }));
    for (const pod of pods.values()) {
      let group = groups.find(({ endpoints }) => endpoints.length < MAX_ENDPOINTS);
      if (!group) {
        group = { slice: this.#create(service), endpoints: [] };
        groups.push(group);
      }
      group.endpoints.push(this.#endpoint(service, pod));
    }
    if (groups.length === 0) groups.push({ slice: this.#create(service), endpoints: [] });
    const members = [...this.#members.of(keyOf(service))];
    const ports = portsOf(
      service,
      members.map((pod) => store.get(RESOURCES.pods, namespace, pod)),
    );
    for (const [position, { slice, endpoints }] of groups.entries()) {
      if (endpoints.length === 0 && position > 0)
        store.remove(RESOURCES.endpointSlices, namespace, slice.metadata.name);
      else this.#write(service, slice, endpoints, ports);
    }
  }

  #enqueue(key: string): void {
    const many = this.#members.count(key) > MANY_PODS;
    this.#context.queue.add(this.name, key, many ? MANY_PODS_DELAY_MS : REACTION_MS);
  }

  /** Entries of a slice as their pods are now, in the order they had; takes the pods out of the map. */
  #refresh(slice: KubeObject, service: KubeObject, pods: Map<string, KubeObject>): JsonObject[] {
    return listAt(slice, 'endpoints').flatMap((endpoint) => {
      const uid = textAt(endpoint, 'targetRef', 'uid') ?? '';
      const pod = pods.get(uid);
      pods.delete(uid);
      return pod ? [this.#endpoint(service, pod)] : [];
    });
  }

  #endpoint(service: KubeObject, pod: KubeObject): JsonObject {
    const serving = isReady(pod);
    const terminating = isTerminating(pod);
    const always = trueAt(service, 'spec', 'publishNotReadyAddresses');
    const nodeName = textAt(pod, 'spec', 'nodeName') ?? '';
    const node = this.#context.store.get(RESOURCES.nodes, null, nodeName);
    const zone = node?.metadata.labels?.['topology.kubernetes.io/zone'];
    const hostname = textAt(pod, 'spec', 'hostname');
    return {
      addresses: [textAt(pod, 'status', 'podIP') ?? ''],
      conditions: { ready: always || (serving && !terminating), serving, terminating },
      ...(hostname === undefined ? {} : { hostname }),
      targetRef: {
        kind: 'Pod',
        namespace: pod.metadata.namespace ?? 'default',
        name: pod.metadata.name,
        uid: pod.metadata.uid,
      },
      nodeName,
      ...(zone === undefined ? {} : { zone }),
    };
  }

  #create(service: KubeObject): KubeObject {
    const { store, random } = this.#context;
    const { name, namespace } = service.metadata;
    return store.create(RESOURCES.endpointSlices, {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `${name}-${randomSuffix(random)}`,
        generateName: `${name}-`,
        ...(namespace === undefined ? {} : { namespace }),
        labels: {
          ...service.metadata.labels,
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
          [SERVICE_LABEL]: name,
        },
        ownerReferences: [ownerReference(service)],
      },
      addressType: 'IPv4',
      endpoints: [],
      ports: [],
    });
  }

  #write(service: KubeObject, slice: KubeObject, endpoints: JsonObject[], ports: JsonObject[]): void {
    if (equalJson(slice['endpoints'], endpoints) && equalJson(slice['ports'], ports)) return;
    const { store, clock } = this.#context;
    store.change(
      RESOURCES.endpointSlices,
      service.metadata.namespace ?? null,
      slice.metadata.name,
      (object) => {
        object.metadata.annotations = {
          ...object.metadata.annotations,
          'endpoints.kubernetes.io/last-change-trigger-time': timestampOf(clock.now()),
        };
        return { ...object, endpoints, ports };
      },
    );
  }
}

const hasSelector = (service: KubeObject): boolean =>
  Object.keys(objectAt(service, 'spec', 'selector')).length > 0;

/** Service ports with the number behind them: a named target port is looked up in the pods. */
function portsOf(service: KubeObject, pods: readonly (KubeObject | null)[]): JsonObject[] {
  return listAt(service, 'spec', 'ports').map((port) => {
    const target = valueAt(port, 'targetPort') ?? numberAt(port, 'port') ?? 0;
    const number = typeof target === 'number' ? target : namedPort(String(target), pods);
    return {
      name: textAt(port, 'name') ?? '',
      protocol: textAt(port, 'protocol') ?? 'TCP',
      port: number ?? numberAt(port, 'port') ?? 0,
    };
  });
}

function namedPort(name: string, pods: readonly (KubeObject | null)[]): number | undefined {
  for (const pod of pods) {
    for (const container of listAt(pod, 'spec', 'containers')) {
      const port = listAt(container, 'ports').find((one) => one['name'] === name);
      if (port) return numberAt(port, 'containerPort');
    }
  }
  return undefined;
}
