import type { JsonObject, KubeObject, ResourceName, StoreEvent } from '../store';
import { ContainerLife } from './container-life';
import { type Context, RESOURCES } from './context';
import { PodAddresses } from './pod-addresses';
import type { PodBehaviour } from './pod-behaviour';
import { isFinished, isReady, isTerminating } from './pod-facts';
import { cancelTimers, newRun, type PodRun } from './pod-run';
import { containerStatuses, started, withPodConditions } from './pod-status';
import { countAt, keyOf, listAt, objectAt, textAt, timestampOf } from './read';
import { Scheduler } from './scheduler';

/** From a pod's creation to its assignment, and on to the kubelet's first status (as recorded). */
const ASSIGN_MS = 9;
const TAKE_MS = 7;
/** From the end of the containers to the removal of the object, in two steps (as recorded). */
const CLEAN_MS = 4;

export type KubeletOptions = { behaviour: PodBehaviour; podIp?: () => string };

/** Scheduler and kubelets of all nodes: assigns pods, runs their containers in time, ends them with grace. */
export class Kubelet {
  readonly #context: Context;
  readonly #options: KubeletOptions;
  readonly #runs = new Map<string, PodRun>();
  readonly #scheduler: Scheduler;
  readonly #addresses: PodAddresses;
  readonly #containers: ContainerLife;
  readonly #unassigned = new Set<string>();
  readonly #down = new Map<string, (() => void)[]>();

  constructor(context: Context, options: KubeletOptions) {
    this.#context = context;
    this.#options = options;
    this.#scheduler = new Scheduler(context);
    this.#addresses = new PodAddresses(options.podIp);
    this.#containers = new ContainerLife(context, options.behaviour, {
      after: (run, ms, then) => this.#after(run, ms, then),
      status: (pod, change) => this.#status(pod, change),
    });
  }

  observe(resource: ResourceName, event: StoreEvent): void {
    if (resource === RESOURCES.nodes) {
      this.#retryUnassigned();
      return;
    }
    if (resource !== RESOURCES.pods) return;
    if (event.type === 'DELETED') {
      this.#forget(event.object);
      return;
    }
    const run = this.#runs.get(event.object.metadata.uid);
    if (!run) {
      this.adopt(resource, event.object);
      return;
    }
    if (isTerminating(event.object) && run.stage !== 'terminating') this.#stopPod(run, event.object);
  }

  /** A kubelet that does not answer hears of a deletion only when it is back. */
  #stopPod(run: PodRun, pod: KubeObject): void {
    const silent = run.node === null ? undefined : this.#down.get(run.node);
    if (!silent) {
      this.#terminate(run, pod);
      return;
    }
    silent.push(() => {
      const now = this.#podOf(run);
      if (now && run.stage !== 'terminating') this.#terminate(run, now);
    });
  }

  /** Takes up a pod wherever its status says it stands: after a start on an existing store too. */
  adopt(resource: ResourceName, pod: KubeObject): void {
    if (resource !== RESOURCES.pods || this.#runs.has(pod.metadata.uid)) return;
    const run = newRun(pod);
    this.#runs.set(run.uid, run);
    const ip = textAt(pod, 'status', 'podIP');
    if (ip !== undefined) this.#addresses.take(ip);
    if (run.node !== null) this.#scheduler.count(run.node, 1);
    if (isTerminating(pod)) {
      this.#terminate(run, pod);
      return;
    }
    if (isFinished(pod)) {
      run.stage = 'ended';
    } else if (run.node === null) {
      this.#after(run, ASSIGN_MS, (now) => this.#assign(run, now));
    } else if (textAt(pod, 'status', 'phase') === 'Running') {
      run.stage = 'running';
      run.ready = isReady(pod);
      run.startedAt = this.#context.clock.now();
      run.isAdopted = true;
      this.#containers.follow(run, pod);
    } else this.#after(run, TAKE_MS, (now) => this.#take(run, now));
  }

  /** The behaviour answers differently from now on: running pods are looked at again. */
  behaviourChanged(): void {
    for (const run of this.#runs.values()) {
      if (run.stage !== 'running') continue;
      const pod = this.#podOf(run);
      if (!pod) continue;
      cancelTimers(run, this.#context.clock);
      this.#containers.follow(run, pod);
    }
  }

  /** The container dies as by SIGKILL and is restarted by policy; false when nothing runs there. */
  kill(namespace: string, name: string): boolean {
    const pod = this.#context.store.get(RESOURCES.pods, namespace, name);
    const run = pod ? this.#runs.get(pod.metadata.uid) : undefined;
    if (!pod || run?.stage !== 'running') return false;
    cancelTimers(run, this.#context.clock);
    this.#containers.processes.kill(run.uid);
    this.#containers.die(run, pod, 137, 'Error');
    return true;
  }

  /** Nothing moves on the node until `thaw`. */
  freeze(node: string): void {
    if (!this.#down.has(node)) this.#down.set(node, []);
  }

  thaw(node: string): void {
    const waiting = this.#down.get(node) ?? [];
    this.#down.delete(node);
    for (const go of waiting) go();
  }

  /** Pods of a node with what the kubelet last knew of their readiness. */
  podsOn(node: string): { pod: KubeObject; ready: boolean }[] {
    return [...this.#runs.values()].flatMap((run) => {
      const pod = run.node === node ? this.#podOf(run) : undefined;
      return pod ? [{ pod, ready: run.ready && run.stage === 'running' }] : [];
    });
  }

  stop(): void {
    for (const run of this.#runs.values()) cancelTimers(run, this.#context.clock);
    this.#containers.processes.killAll();
    this.#runs.clear();
  }

  #podOf(run: PodRun): KubeObject | undefined {
    const pod = this.#context.store.get(RESOURCES.pods, run.namespace, run.name);
    return pod?.metadata.uid === run.uid ? pod : undefined;
  }

  #after(run: PodRun, ms: number, then: (pod: KubeObject) => void): void {
    const go = () => {
      const stopped = run.node === null ? undefined : this.#down.get(run.node);
      if (stopped) return void stopped.push(go);
      const pod = this.#podOf(run);
      if (pod && this.#runs.has(run.uid)) then(pod);
    };
    const timer = this.#context.clock.setTimeout(() => {
      run.timers.delete(timer);
      go();
    }, ms);
    run.timers.add(timer);
  }

  #status(pod: KubeObject, change: (status: JsonObject, pod: KubeObject) => JsonObject): void {
    this.#context.store.change(
      RESOURCES.pods,
      pod.metadata.namespace ?? null,
      pod.metadata.name,
      (object) => ({
        ...object,
        status: change(objectAt(object, 'status'), object),
      }),
    );
  }

  #assign(run: PodRun, pod: KubeObject): void {
    const { store, clock, events } = this.#context;
    if (isTerminating(pod)) return;
    const node = this.#scheduler.pick(pod);
    if (!node) {
      this.#refuse(run, pod);
      return;
    }
    this.#unassigned.delete(run.uid);
    run.node = node.metadata.name;
    this.#scheduler.count(run.node, 1);
    const zone = node.metadata.labels?.['topology.kubernetes.io/zone'];
    const bound = store.change(RESOURCES.pods, run.namespace, run.name, (object) => {
      if (zone !== undefined) {
        object.metadata.labels = { ...object.metadata.labels, 'topology.kubernetes.io/zone': zone };
      }
      const status = withPodConditions(
        objectAt(object, 'status'),
        { PodScheduled: { status: 'True' } },
        clock.now(),
      );
      return { ...object, spec: { ...object.spec, nodeName: node.metadata.name }, status };
    });
    const message = `Successfully assigned ${keyOf(pod)} to ${node.metadata.name}`;
    events.recordOnce(bound ?? pod, 'Scheduled', 'Binding', message, 'default-scheduler');
    this.#after(run, TAKE_MS, (now) => this.#take(run, now));
  }

  #refuse(run: PodRun, pod: KubeObject): void {
    const message = this.#scheduler.refusal(pod);
    const first = !this.#unassigned.has(run.uid);
    this.#unassigned.add(run.uid);
    const scheduled = { status: 'False' as const, reason: 'Unschedulable', message };
    this.#status(pod, (status) =>
      withPodConditions(status, { PodScheduled: scheduled }, this.#context.clock.now()),
    );
    if (first)
      this.#context.events.recordOnce(pod, 'FailedScheduling', 'Scheduling', message, 'default-scheduler');
  }

  #retryUnassigned(): void {
    for (const uid of this.#unassigned) {
      const run = this.#runs.get(uid);
      if (run && run.timers.size === 0) this.#after(run, ASSIGN_MS, (now) => this.#assign(run, now));
    }
  }

  #take(run: PodRun, pod: KubeObject): void {
    if (isTerminating(pod)) return;
    const now = this.#context.clock.now();
    run.stage = 'creating';
    this.#status(pod, (status, object) => ({
      ...withPodConditions(status, started(object, false, false), now),
      hostIP: '127.0.0.1',
      hostIPs: [{ ip: '127.0.0.1' }],
      startTime: timestampOf(now),
      containerStatuses: containerStatuses(
        object,
        { waiting: { reason: 'ContainerCreating' } },
        { ready: false, started: false },
      ),
    }));
    this.#containers.pull(run, pod, () => this.#addresses.next());
  }

  /** Stop signal, the pod's own time to end or the grace period, then removal in the recorded order. */
  #terminate(run: PodRun, pod: KubeObject): void {
    cancelTimers(run, this.#context.clock);
    const before = run.stage;
    run.stage = 'terminating';
    run.ready = false;
    const grace =
      pod.metadata.deletionGracePeriodSeconds ?? countAt(pod, 'spec', 'terminationGracePeriodSeconds');
    const needs = this.#options.behaviour.terminationSeconds(pod);
    if (before === 'ended' || run.node === null) {
      this.#after(run, CLEAN_MS, (now) => this.#vanish(run, now));
      return;
    }
    if (before === 'running') {
      for (const container of listAt(pod, 'spec', 'containers')) {
        this.#containers.say(
          pod,
          'Normal',
          'Killing',
          `Stopping container ${textAt(container, 'name') ?? ''}`,
        );
      }
    }
    const seconds = before === 'running' ? Math.min(needs, grace) : 0.1;
    this.#containers.processes.ask(run.uid);
    this.#after(run, seconds * 1000, (now) => {
      this.#containers.processes.kill(run.uid);
      const stillPending = before !== 'running';
      this.#containers.end(now, needs > grace ? 137 : 0, stillPending);
      this.#after(run, CLEAN_MS, (last) => this.#vanish(run, last));
    });
  }

  #vanish(run: PodRun, pod: KubeObject): void {
    const { store, clock } = this.#context;
    store.change(RESOURCES.pods, run.namespace, run.name, (object) => {
      object.metadata.deletionTimestamp = timestampOf(clock.now());
      object.metadata.deletionGracePeriodSeconds = 0;
      return object;
    });
    this.#after(run, CLEAN_MS, () => store.remove(RESOURCES.pods, run.namespace, pod.metadata.name));
  }

  #forget(pod: KubeObject): void {
    const run = this.#runs.get(pod.metadata.uid);
    if (!run) return;
    cancelTimers(run, this.#context.clock);
    this.#containers.processes.kill(run.uid);
    this.#runs.delete(run.uid);
    this.#unassigned.delete(run.uid);
    if (run.node !== null) this.#scheduler.count(run.node, -1);
    const ip = textAt(pod, 'status', 'podIP');
    if (ip !== undefined) this.#addresses.release(ip);
  }
}
