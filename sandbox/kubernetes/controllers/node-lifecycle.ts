import type { JsonObject, KubeObject, ResourceName } from '../store';
import type { TimerHandle } from './clock';
import { type Context, RESOURCES } from './context';
import type { Kubelet } from './kubelet';
import { deletePod } from './pod-create';
import { isTerminating } from './pod-facts';
import { readiness, withPodConditions } from './pod-status';
import { conditionOf, keyOf, listAt, objectAt, timestampOf } from './read';

/** The controller manager's node monitor grace period (as recorded) and the pods' toleration of a lost node. */
const GRACE_MS = 40_000;
const EVICTION_MS = 300_000;
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const CONDITIONS = [
  ['MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

/** Nodes: their objects, and what the control plane does when one stops answering and comes back. */
export class NodeLifecycle {
  readonly #context: Context;
  readonly #kubelet: Kubelet;
  readonly #timers = new Map<string, TimerHandle>();

  constructor(context: Context, kubelet: Kubelet) {
    this.#context = context;
    this.#kubelet = kubelet;
  }

  adopt(resource: ResourceName, node: KubeObject): void {
    if (resource !== RESOURCES.nodes || conditionOf(node, 'Ready')) return;
    this.#setConditions(node.metadata.name, true);
  }

  /** Creates the nodes that are missing, each in a zone of its own: zone-a, zone-b and so on. */
  ensure(names: readonly string[]): void {
    for (const [position, name] of names.entries()) {
      if (!this.#context.store.get(RESOURCES.nodes, null, name)) {
        this.#context.store.create(RESOURCES.nodes, nodeBody(name, position));
      }
      const node = this.#context.store.get(RESOURCES.nodes, null, name);
      if (node) this.adopt(RESOURCES.nodes, node);
    }
  }

  /** The node stops answering: 40 s later its pods count as not ready, after 5 more minutes they are evicted. */
  down(name: string): void {
    if (this.#timers.has(name)) return;
    this.#kubelet.freeze(name);
    this.#wait(name, GRACE_MS, () => this.#lost(name));
  }

  /** The node answers again: its pods are as ready as they were, and pending deletions finish. */
  up(name: string): void {
    const timer = this.#timers.get(name);
    if (timer !== undefined) this.#context.clock.clearTimeout(timer);
    this.#timers.delete(name);
    this.#setConditions(name, true);
    this.#taint(name, false);
    this.#say(name, 'Normal', 'NodeReady', `Node ${name} status is now: NodeReady`);
    for (const { pod, ready } of this.#kubelet.podsOn(name)) if (ready) this.#setReady(pod, true);
    this.#kubelet.thaw(name);
  }

  stop(): void {
    for (const timer of this.#timers.values()) this.#context.clock.clearTimeout(timer);
    this.#timers.clear();
  }

  #wait(name: string, ms: number, then: () => void): void {
    this.#timers.set(name, this.#context.clock.setTimeout(then, ms));
  }

  #lost(name: string): void {
    this.#setConditions(name, false);
    this.#taint(name, true);
    this.#say(name, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
    for (const { pod, ready } of this.#kubelet.podsOn(name)) {
      if (!ready) continue;
      this.#setReady(pod, false);
      this.#context.events.record(pod, {
        type: 'Warning',
        reason: 'NodeNotReady',
        message: 'Node is not ready',
        source: { component: 'node-controller' },
      });
    }
    this.#wait(name, EVICTION_MS, () => this.#evict(name));
  }

  #evict(name: string): void {
    for (const { pod } of this.#kubelet.podsOn(name)) {
      if (isTerminating(pod)) continue;
      this.#context.events.record(pod, {
        type: 'Normal',
        reason: 'TaintManagerEviction',
        message: `Marking for deletion Pod ${keyOf(pod)}`,
        source: { component: 'taint-eviction-controller' },
      });
      deletePod(this.#context, pod);
    }
  }

  /** Only `Ready` falls: the containers may well be healthy, nobody can tell. */
  #setReady(pod: KubeObject, ready: boolean): void {
    const { store, clock } = this.#context;
    store.change(RESOURCES.pods, pod.metadata.namespace ?? null, pod.metadata.name, (object) => {
      const { Ready, ContainersReady } = readiness(object, ready);
      const values = ready
        ? { ...(Ready ? { Ready } : {}), ...(ContainersReady ? { ContainersReady } : {}) }
        : { Ready: { status: 'False' as const } };
      return { ...object, status: withPodConditions(objectAt(object, 'status'), values, clock.now()) };
    });
  }

  #setConditions(name: string, answering: boolean): void {
    const { store, clock } = this.#context;
    const now = timestampOf(clock.now());
    store.change(RESOURCES.nodes, null, name, (node) => {
      const conditions = CONDITIONS.map(([type, reason, message]): JsonObject => {
        const before = conditionOf(node, type);
        const status = answering ? (type === 'Ready' ? 'True' : 'False') : 'Unknown';
        return {
          type,
          status,
          lastHeartbeatTime: answering ? now : (before?.['lastHeartbeatTime'] ?? now),
          lastTransitionTime: before?.['status'] === status ? (before['lastTransitionTime'] ?? now) : now,
          reason: answering ? reason : 'NodeStatusUnknown',
          message: answering ? message : 'Kubelet stopped posting node status.',
        };
      });
      return { ...node, status: { ...node.status, conditions } };
    });
  }

  #taint(name: string, lost: boolean): void {
    const now = timestampOf(this.#context.clock.now());
    this.#context.store.change(RESOURCES.nodes, null, name, (node) => {
      const others = listAt(node, 'spec', 'taints').filter((taint) => taint['key'] !== UNREACHABLE);
      const taints = lost
        ? [
            ...others,
            ...['NoSchedule', 'NoExecute'].map((effect) => ({ key: UNREACHABLE, effect, timeAdded: now })),
          ]
        : others;
      const { taints: _old, ...spec } = node.spec ?? {};
      return { ...node, spec: taints.length > 0 ? { ...spec, taints } : spec };
    });
  }

  #say(name: string, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const node = this.#context.store.get(RESOURCES.nodes, null, name);
    if (node)
      this.#context.events.record(node, { type, reason, message, source: { component: 'node-controller' } });
  }
}

function nodeBody(name: string, position: number) {
  const size = { cpu: '32', 'ephemeral-storage': '200Gi', memory: '128Gi', pods: '2500' };
  const podCIDR = `10.244.${position}.0/24`;
  const labels: { [key: string]: string } = {
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'topology.kubernetes.io/zone': `zone-${String.fromCharCode(97 + (position % 26))}`,
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec: { podCIDR, podCIDRs: [podCIDR] },
    status: {
      capacity: size,
      allocatable: size,
      addresses: [
        { type: 'InternalIP', address: '127.0.0.1' },
        { type: 'Hostname', address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        machineID: name,
        systemUUID: name,
        bootID: name,
        kernelVersion: '6.1.0',
        osImage: 'Debian GNU/Linux 12 (bookworm)',
        containerRuntimeVersion: 'containerd://2.0.0',
        kubeletVersion: 'v1.36.2',
        kubeProxyVersion: '',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
    },
  };
}
