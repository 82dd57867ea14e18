import type { JsonObject, KubeObject } from '../store';
import { ContainerProcesses } from './container-processes';
import { type Context, RESOURCES } from './context';
import { imageOf, type PodBehaviour, type PodOutcome } from './pod-behaviour';
import { restartsOf } from './pod-facts';
import { backOffSeconds, type PodRun, probeOf } from './pod-run';
import { containerId, containerStatuses, ended, readiness, started, withPodConditions } from './pod-status';
import { listAt, textAt, timestampOf } from './read';

/** From the death of a container until the kubelet notices. */
const NOTICE_MS = 1000;
const RUN_SECONDS = 2;
/** A container that ran this long has its back-off forgiven. */
const FORGIVEN_MS = 600_000;

type Steps = {
  /** Runs `then` with the pod as it is by then, unless it is gone. */
  after(run: PodRun, ms: number, then: (pod: KubeObject) => void): void;
  status(pod: KubeObject, change: (status: JsonObject, pod: KubeObject) => JsonObject): void;
};

/** What happens to the containers of a pod: pull, start, probes, death, restart with back-off. */
export class ContainerLife {
  readonly #context: Context;
  readonly #behaviour: PodBehaviour;
  readonly #steps: Steps;
  readonly processes: ContainerProcesses;

  constructor(context: Context, behaviour: PodBehaviour, steps: Steps) {
    this.processes = new ContainerProcesses(behaviour);
    this.#context = context;
    this.#behaviour = behaviour;
    this.#steps = steps;
  }

  /** An event of the kubelet about the first container. */
  say(pod: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.events.record(pod, {
      type,
      reason,
      message,
      source: { component: 'kubelet', host: textAt(pod, 'spec', 'nodeName') ?? '' },
      fieldPath: `spec.containers{${containerName(pod)}}`,
    });
  }

  pull(run: PodRun, pod: KubeObject, address: () => string): void {
    const image = imageOf(pod);
    this.say(pod, 'Normal', 'Pulling', `Pulling image "${image}"`);
    const ms = this.#behaviour.startSeconds(pod) * 1000;
    this.#steps.after(run, ms, (now) => {
      if (this.#behaviour.outcome(now) === 'image-missing') return this.#missing(run, now, address);
      const took = Math.round(ms);
      this.say(
        now,
        'Normal',
        'Pulled',
        `Successfully pulled image "${image}" in ${took}ms (${took}ms including waiting). Image size: 48211034 bytes.`,
      );
      run.failures = 0;
      this.#start(run, now, 0, address());
    });
  }

  /** Looks after a running container: readiness, and what the behaviour has in store for it. */
  follow(run: PodRun, pod: KubeObject): void {
    const outcome = this.#behaviour.outcome(pod);
    if (this.processes.isFor(pod)) {
      this.#followProcess(run, pod, outcome);
      return;
    }
    const seconds = this.#behaviour.runSeconds?.(pod) ?? RUN_SECONDS;
    if (outcome === 'crash' || outcome === 'oom') {
      this.#steps.after(run, seconds * 1000, (now) =>
        outcome === 'oom' ? this.die(run, now, 137, 'OOMKilled') : this.die(run, now, 1, 'Error'),
      );
    } else if (outcome === 'not-live') this.#failLiveness(run, pod);
    else if ((textAt(pod, 'spec', 'restartPolicy') ?? 'Always') !== 'Always') {
      this.#steps.after(run, seconds * 1000, (now) => this.die(run, now, 0, 'Completed'));
    }
    this.#followReadiness(run, pod);
  }

  /** A process ends by itself; one that ran before the kubelet was started is gone, as after a reboot of the node. */
  #followProcess(run: PodRun, pod: KubeObject, outcome: PodOutcome): void {
    if (this.processes.isRunning(run.uid)) return;
    const isLost = run.isAdopted;
    if (isLost || outcome === 'crash') {
      this.#steps.after(run, NOTICE_MS, (now) =>
        isLost ? this.die(run, now, 255, 'Unknown') : this.die(run, now, 1, 'Error'),
      );
      return;
    }
    this.processes.start(pod, (exitCode) => {
      this.#steps.after(run, 0, (now) => {
        if (run.stage === 'running') this.die(run, now, exitCode, exitCode === 0 ? 'Completed' : 'Error');
      });
    });
  }

  /** The container ended: back-off and restart, or the end of the pod, as its restart policy says. */
  die(run: PodRun, pod: KubeObject, exitCode: number, reason: string): void {
    const policy = textAt(pod, 'spec', 'restartPolicy') ?? 'Always';
    const terminated = this.#terminated(pod, exitCode, reason);
    run.ready = false;
    if (policy === 'Never' || (policy === 'OnFailure' && exitCode === 0)) {
      run.stage = 'ended';
      this.#finish(pod, terminated, exitCode === 0);
      return;
    }
    const now = this.#context.clock.now();
    run.failures = now - run.startedAt > FORGIVEN_MS ? 1 : run.failures + 1;
    run.stage = 'waiting';
    this.#steps.status(pod, (status, object) => ({
      ...withPodConditions(status, readiness(object, false), now),
      containerStatuses: containerStatuses(object, { terminated }, { ready: false, started: false }),
    }));
    this.#steps.after(run, NOTICE_MS, (later) => {
      if (run.failures <= 1) return this.#restart(run, later, terminated);
      this.#backOff(run, later, terminated);
    });
  }

  /** The end of a pod that is being deleted. */
  end(pod: KubeObject, pretended: number, neverRan: boolean): void {
    // A process that was asked to end says so by its signal.
    const exitCode = pretended === 0 && this.processes.isFor(pod) ? 143 : pretended;
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    this.#finish(
      pod,
      this.#terminated(pod, neverRan ? 137 : exitCode, neverRan ? 'ContainerStatusUnknown' : reason),
      exitCode === 0 && !neverRan,
    );
  }

  #start(
    run: PodRun,
    pod: KubeObject,
    restarts: number,
    ip: string | undefined,
    lastState?: JsonObject,
  ): void {
    const now = this.#context.clock.now();
    this.say(pod, 'Normal', 'Created', 'Container created');
    this.say(pod, 'Normal', 'Started', 'Container started');
    run.stage = 'running';
    run.isAdopted = false;
    run.startedAt = now;
    run.ready = probeOf(pod, 'readinessProbe') === undefined;
    this.#steps.status(pod, (status, object) => ({
      ...withPodConditions(status, started(object, true, run.ready), now),
      phase: 'Running',
      ...(ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] }),
      containerStatuses: containerStatuses(
        object,
        { running: { startedAt: timestampOf(now) } },
        { ready: run.ready, started: true, restarts, ...(lastState ? { lastState } : {}) },
      ),
    }));
    const current = this.#context.store.get(RESOURCES.pods, run.namespace, run.name);
    if (current) this.follow(run, current);
  }

  #restart(run: PodRun, pod: KubeObject, terminated: JsonObject): void {
    const image = imageOf(pod);
    this.say(pod, 'Normal', 'Pulled', `Container image "${image}" already present on machine`);
    this.#start(run, pod, restartsOf(pod) + 1, undefined, { terminated });
  }

  #backOff(run: PodRun, pod: KubeObject, terminated: JsonObject): void {
    const seconds = backOffSeconds(run.failures - 1);
    const place = `${pod.metadata.name}_${run.namespace}(${run.uid})`;
    const name = containerName(pod);
    const waiting = {
      reason: 'CrashLoopBackOff',
      message: `back-off ${goDuration(seconds)} restarting failed container=${name} pod=${place}`,
    };
    this.say(pod, 'Warning', 'BackOff', `Back-off restarting failed container ${name} in pod ${place}`);
    this.#steps.status(pod, (status, object) => ({
      ...status,
      containerStatuses: containerStatuses(
        object,
        { waiting },
        { ready: false, started: false, lastState: { terminated } },
      ),
    }));
    this.#steps.after(run, seconds * 1000, (now) => this.#restart(run, now, terminated));
  }

  #missing(run: PodRun, pod: KubeObject, address: () => string): void {
    const image = imageOf(pod);
    run.stage = 'waiting';
    run.failures += 1;
    const cause = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
    this.say(pod, 'Warning', 'Failed', `Failed to pull image "${image}": ${cause}`);
    this.say(pod, 'Warning', 'Failed', 'Error: ErrImagePull');
    this.#waitForImage(pod, 'ErrImagePull', cause);
    this.#steps.after(run, NOTICE_MS, (now) => {
      this.say(now, 'Normal', 'BackOff', `Back-off pulling image "${image}"`);
      this.say(now, 'Warning', 'Failed', 'Error: ImagePullBackOff');
      this.#waitForImage(
        now,
        'ImagePullBackOff',
        `Back-off pulling image "${image}": ErrImagePull: ${cause}`,
      );
      this.#steps.after(run, backOffSeconds(run.failures) * 1000, (later) => this.pull(run, later, address));
    });
  }

  #waitForImage(pod: KubeObject, reason: string, message: string): void {
    this.#steps.status(pod, (status, object) => ({
      ...status,
      containerStatuses: containerStatuses(
        object,
        { waiting: { reason, message } },
        { ready: false, started: false },
      ),
    }));
  }

  #followReadiness(run: PodRun, pod: KubeObject): void {
    const probe = probeOf(pod, 'readinessProbe');
    if (!probe) return;
    const failing = this.#behaviour.outcome(pod) === 'never-ready';
    if (run.ready && !failing) return;
    const ready = this.#behaviour.readySeconds(pod);
    const firstFailure = run.ready ? probe.period * probe.threshold : probe.delay + probe.period;
    this.#steps.after(run, (failing ? firstFailure : ready) * 1000, (now) =>
      this.#probe(run, now, probe.period),
    );
  }

  #probe(run: PodRun, pod: KubeObject, period: number): void {
    if (this.#behaviour.outcome(pod) !== 'never-ready') {
      this.#setReady(run, pod, true);
      return;
    }
    this.say(pod, 'Warning', 'Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503');
    if (run.ready) this.#setReady(run, pod, false);
    this.#steps.after(run, period * 1000, (now) => this.#probe(run, now, period));
  }

  #setReady(run: PodRun, pod: KubeObject, ready: boolean): void {
    run.ready = ready;
    this.#steps.status(pod, (status, object) => ({
      ...withPodConditions(status, readiness(object, ready), this.#context.clock.now()),
      containerStatuses: listAt(status, 'containerStatuses').map((one) => ({ ...one, ready })),
    }));
  }

  #failLiveness(run: PodRun, pod: KubeObject): void {
    const probe = probeOf(pod, 'livenessProbe') ?? { delay: 0, period: 10, threshold: 3 };
    this.#steps.after(run, (probe.delay + probe.period * probe.threshold) * 1000, (now) => {
      if (this.#behaviour.outcome(now) !== 'not-live') return this.follow(run, now);
      this.say(now, 'Warning', 'Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500');
      this.say(
        now,
        'Normal',
        'Killing',
        `Container ${containerName(now)} failed liveness probe, will be restarted`,
      );
      this.die(run, now, 137, 'Error');
    });
  }

  #terminated(pod: KubeObject, exitCode: number, reason: string): JsonObject {
    const status = listAt(pod, 'status', 'containerStatuses')[0];
    const startedAt = textAt(status, 'state', 'running', 'startedAt');
    return {
      exitCode,
      reason,
      startedAt: startedAt ?? null,
      finishedAt: timestampOf(this.#context.clock.now()),
      containerID: containerId(pod, containerName(pod), restartsOf(pod)),
    };
  }

  #finish(pod: KubeObject, terminated: JsonObject, succeeded: boolean): void {
    this.#steps.status(pod, (status, object) => ({
      ...withPodConditions(status, ended(succeeded), this.#context.clock.now()),
      phase: succeeded ? 'Succeeded' : 'Failed',
      containerStatuses: containerStatuses(object, { terminated }, { ready: false, started: false }),
    }));
  }
}

const containerName = (pod: KubeObject): string => textAt(listAt(pod, 'spec', 'containers')[0], 'name') ?? '';

/** Go prints 80 s as 1m20s. */
function goDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}
