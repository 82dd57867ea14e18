import { ApiError } from '../api-error';
import type { JsonObject, KubeObject, ResourceName, StoreEvent } from '../store';
import { type Context, type Controller, RESOURCES } from './context';
import {
  announcedVerdict,
  announcement,
  backOffExceeded,
  completed,
  deadlineExceeded,
  hasJobCondition,
  jobCondition,
  jobStatus,
  suspension,
  type Verdict,
} from './job-status';
import { createPod, deletePod } from './pod-create';
import { isActive, isFinished, isReady, isTerminating, restartsOf } from './pod-facts';
import {
  controllerOf,
  countAt,
  keyOf,
  listAt,
  numberAt,
  objectAt,
  textAt,
  timeOf,
  timestampOf,
  trueAt,
} from './read';

/** Pod events of a Job are gathered for a second, as upstream does and the recordings show. */
const POD_BATCH_MS = 1000;
const NEXT_STAGE_MS = 6;
const REFUSED_MS = 10_000;
/** Retry back-off: 10 s, doubled for each failure, at most 10 min. */
const backOffMs = (failures: number): number => Math.min(10_000 * 2 ** Math.max(failures - 1, 0), 600_000);
const SOURCE = { component: 'job-controller' };
const INITIAL: JsonObject = { terminating: 0, uncountedTerminatedPods: {}, ready: 0 };

/** What is already counted lives beside the store: the recorded status names pods only for one event. */
type Ledger = { counted: Set<string>; lastFailure: number };

/** Jobs: pods until enough succeeded, retries with back-off, deadline, verdict in two steps, clean-up. */
export class JobController implements Controller {
  readonly name = 'job';
  readonly #context: Context;
  readonly #ledgers = new Map<string, Ledger>();

  constructor(context: Context) {
    this.#context = context;
  }

  adopt(resource: ResourceName, object: KubeObject): void {
    if (resource === RESOURCES.jobs) this.#context.queue.add(this.name, keyOf(object));
  }

  observe(resource: ResourceName, event: StoreEvent): void {
    if (resource === RESOURCES.jobs) {
      if (event.type === 'DELETED') this.#ledgers.delete(event.object.metadata.uid);
      else if (
        event.type === 'ADDED' ||
        event.object.metadata.generation !== event.previous?.metadata.generation
      ) {
        this.adopt(resource, event.object);
      }
    }
    const owner = resource === RESOURCES.pods ? controllerOf(event.object) : undefined;
    if (owner?.kind !== 'Job') return;
    this.#context.queue.add(
      this.name,
      `${event.object.metadata.namespace ?? ''}/${owner.name}`,
      POD_BATCH_MS,
    );
  }

  sync(namespace: string | null, name: string): void {
    const { store, clock, index } = this.#context;
    const job = store.get(RESOURCES.jobs, namespace, name);
    if (!job) return;
    const status = objectAt(job, 'status');
    if (hasJobCondition(status, 'Complete') || hasJobCondition(status, 'Failed')) {
      this.#expire(job);
      return;
    }
    const pods = index.ownedBy(RESOURCES.pods, job.metadata.uid);
    const ledger = this.#ledgerOf(job, pods);
    const fresh = pods.filter((pod) => isFinished(pod) && !ledger.counted.has(pod.metadata.uid));
    const failed = fresh.filter((pod) => textAt(pod, 'status', 'phase') === 'Failed');
    const succeeded = fresh.filter((pod) => textAt(pod, 'status', 'phase') === 'Succeeded');
    if (failed.length > 0) ledger.lastFailure = clock.now();
    const verdict = this.#verdict(job, pods, succeeded.length, failed.length);
    if (verdict) for (const pod of pods.filter(isActive)) deletePod(this.#context, pod);
    else if (fresh.length === 0) this.#manage(job, pods, ledger);
    this.#report(job, { succeeded, failed }, verdict);
  }

  #ledgerOf(job: KubeObject, pods: readonly KubeObject[]): Ledger {
    let ledger = this.#ledgers.get(job.metadata.uid);
    if (!ledger) {
      // After a restart the counts of the status cover that many ended pods, oldest first.
      ledger = { counted: new Set(), lastFailure: 0 };
      for (const phase of ['succeeded', 'failed'] as const) {
        const wanted = phase === 'succeeded' ? 'Succeeded' : 'Failed';
        const ended = pods.filter((pod) => textAt(pod, 'status', 'phase') === wanted);
        for (const pod of ended.slice(0, countAt(job, 'status', phase))) ledger.counted.add(pod.metadata.uid);
      }
      this.#ledgers.set(job.metadata.uid, ledger);
    }
    return ledger;
  }

  #verdict(job: KubeObject, pods: readonly KubeObject[], succeeded: number, failed: number): Verdict | null {
    const announced = announcedVerdict(job);
    if (announced) return announced;
    const now = this.#context.clock.now();
    const wanted = numberAt(job, 'spec', 'completions') ?? 1;
    if (countAt(job, 'status', 'succeeded') + succeeded >= wanted) return completed;
    const deadline = numberAt(job, 'spec', 'activeDeadlineSeconds');
    const started = timeOf(objectAt(job, 'status')['startTime']);
    const counts = !trueAt(job, 'spec', 'suspend') && objectAt(job, 'status')['startTime'] !== undefined;
    if (deadline !== undefined && counts && now >= started + deadline * 1000) return deadlineExceeded;
    const retries = pods.filter(isActive).reduce((sum, pod) => sum + restartsOf(pod), 0);
    const failures = countAt(job, 'status', 'failed') + failed + retries;
    return failures > (numberAt(job, 'spec', 'backoffLimit') ?? 6) ? backOffExceeded : null;
  }

  #manage(job: KubeObject, pods: readonly KubeObject[], ledger: Ledger): void {
    const { queue, clock } = this.#context;
    const active = pods.filter(isActive);
    if (trueAt(job, 'spec', 'suspend')) {
      for (const pod of active) deletePod(this.#context, pod);
      return;
    }
    const left = (numberAt(job, 'spec', 'completions') ?? 1) - countAt(job, 'status', 'succeeded');
    const wanted = Math.min(numberAt(job, 'spec', 'parallelism') ?? 1, left);
    const failures = countAt(job, 'status', 'failed');
    const earliest = failures > 0 ? ledger.lastFailure + backOffMs(failures) : 0;
    if (wanted > active.length && earliest > clock.now()) {
      queue.add(this.name, keyOf(job), earliest - clock.now());
      return;
    }
    for (let i = active.length; i < wanted; i += 1) if (!this.#createPod(job)) return;
  }

  /** False: a quota has no room for it; it is tried again after a while. */
  #createPod(job: KubeObject): boolean {
    try {
      const named = { generateName: `${job.metadata.name}-` };
      const pod = createPod(this.#context, job, this.#template(job), named);
      this.#say(job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError && error.reason === 'Forbidden')) throw error;
      this.#say(job, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
      this.#context.queue.add(this.name, keyOf(job), REFUSED_MS);
      return false;
    }
  }

  /** The labels by which a Job knows its pods, for Jobs that came in without them. */
  #template(job: KubeObject): JsonObject {
    const template = objectAt(job, 'spec', 'template');
    const metadata = objectAt(template, 'metadata');
    const { uid, name } = job.metadata;
    const labels = {
      ...objectAt(metadata, 'labels'),
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': name,
      'controller-uid': uid,
      'job-name': name,
    };
    return { ...template, metadata: { ...metadata, labels } };
  }

  #report(
    job: KubeObject,
    fresh: { succeeded: KubeObject[]; failed: KubeObject[] },
    verdict: Verdict | null,
  ): void {
    const { store, clock, queue, index } = this.#context;
    const namespace = job.metadata.namespace ?? null;
    const now = clock.now();
    const pods = index.ownedBy(RESOURCES.pods, job.metadata.uid);
    const uids = (list: KubeObject[]) => list.map((pod) => pod.metadata.uid);
    const isNews = fresh.succeeded.length + fresh.failed.length > 0;
    const announce = verdict && !hasJobCondition(objectAt(job, 'status'), announcement(verdict));
    const waits = isNews || announce;
    store.change(RESOURCES.jobs, namespace, job.metadata.name, (object) => {
      const { status: begun, conditions } = suspension(object, now);
      const old = { ...INITIAL, ...begun };
      if (announce) conditions.push(jobCondition(announcement(verdict), verdict, now));
      if (verdict && !waits) conditions.push(jobCondition(verdict.kind, verdict, now));
      const done = verdict?.kind === 'Complete' && !waits;
      const counts = {
        active: pods.filter(isActive).length,
        ready: pods.filter((pod) => isActive(pod) && isReady(pod)).length,
        terminating: pods.filter((pod) => isTerminating(pod) && !isFinished(pod)).length,
        succeeded: countAt(old, 'succeeded'),
        failed: countAt(old, 'failed'),
      };
      const named = { succeeded: uids(fresh.succeeded), failed: uids(fresh.failed) };
      return {
        ...object,
        status: jobStatus(
          { ...old, ...(done ? { completionTime: timestampOf(now) } : {}) },
          counts,
          named,
          conditions,
        ),
      };
    });
    if (isNews) {
      queue.add('job-count', keyOf(job), NEXT_STAGE_MS);
      return;
    }
    if (announce) queue.add(this.name, keyOf(job), NEXT_STAGE_MS);
    else if (verdict) this.#conclude(job, verdict);
    const deadline = numberAt(job, 'spec', 'activeDeadlineSeconds');
    const counts = deadline !== undefined && !verdict && !trueAt(job, 'spec', 'suspend');
    if (counts) queue.add(this.name, keyOf(job), deadline * 1000);
  }

  /** Second step for ended pods: from the list of uncounted ones into the counts. */
  count(namespace: string | null, name: string): void {
    const { store, clock, queue } = this.#context;
    const job = store.get(RESOURCES.jobs, namespace, name);
    const ledger = job && this.#ledgers.get(job.metadata.uid);
    if (!job || !ledger) return;
    const status = objectAt(job, 'status');
    const named = objectAt(status, 'uncountedTerminatedPods');
    const list = (key: string): string[] => {
      const value = named[key];
      return Array.isArray(value) ? value.filter((uid) => typeof uid === 'string') : [];
    };
    const counts = {
      active: countAt(status, 'active'),
      ready: countAt(status, 'ready'),
      terminating: countAt(status, 'terminating'),
      succeeded: countAt(status, 'succeeded') + list('succeeded').length,
      failed: countAt(status, 'failed') + list('failed').length,
    };
    for (const uid of [...list('succeeded'), ...list('failed')]) ledger.counted.add(uid);
    const verdict = announcedVerdict(job);
    const conditions = [...listAt(status, 'conditions')];
    if (verdict) conditions.push(jobCondition(verdict.kind, verdict, clock.now()));
    const done = verdict?.kind === 'Complete' ? { completionTime: timestampOf(clock.now()) } : {};
    const none = { succeeded: [], failed: [] };
    store.change(RESOURCES.jobs, namespace, name, (object) => ({
      ...object,
      status: jobStatus({ ...status, ...done }, counts, none, conditions),
    }));
    if (verdict) this.#conclude(job, verdict);
    else queue.add(this.name, keyOf(job));
  }

  #conclude(job: KubeObject, verdict: Verdict): void {
    const isDone = verdict.kind === 'Complete';
    this.#say(
      job,
      isDone ? 'Normal' : 'Warning',
      isDone ? 'Completed' : verdict.reason,
      isDone ? 'Job completed' : verdict.message,
    );
    this.#context.queue.add(this.name, keyOf(job));
  }

  /** ttlSecondsAfterFinished: the Job goes, garbage collection takes its pods. */
  #expire(job: KubeObject): void {
    const ttl = numberAt(job, 'spec', 'ttlSecondsAfterFinished');
    if (ttl === undefined) return;
    const last = listAt(job, 'status', 'conditions').at(-1);
    const due = timeOf(last?.['lastTransitionTime']) + ttl * 1000 - this.#context.clock.now();
    if (due > 0) this.#context.queue.add(this.name, keyOf(job), due);
    else this.#context.store.remove(RESOURCES.jobs, job.metadata.namespace ?? null, job.metadata.name);
  }

  #say(job: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.events.record(job, { type, reason, message, source: SOURCE });
  }
}

/** The queue's name for the second step of a Job's count. */
export class JobCounter implements Controller {
  readonly name = 'job-count';
  readonly #jobs: JobController;

  constructor(jobs: JobController) {
    this.#jobs = jobs;
  }

  observe(): void {
    // It only takes what JobController queues.
  }

  sync(namespace: string | null, name: string): void {
    this.#jobs.count(namespace, name);
  }
}
