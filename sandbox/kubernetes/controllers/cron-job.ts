import type { JsonObject, KubeObject, ResourceName, StoreEvent } from '../store';
import { type Context, type Controller, RESOURCES } from './context';
import { nextRun, parseSchedule, type Schedule } from './cron-schedule';
import { ownerReference } from './deployment-sets';
import { hasJobCondition } from './job-status';
import {
  controllerOf,
  keyOf,
  numberAt,
  objectAt,
  textAt,
  textMapAt,
  timeOf,
  timestampOf,
  trueAt,
} from './read';

/** Upstream gives up counting missed runs there. */
const MISSED_LIMIT = 100;
const SOURCE = { component: 'cronjob-controller' };

/** CronJobs: Jobs on schedule, concurrency policy, history limits, the status of manual Jobs too. */
export class CronJobController implements Controller {
  readonly name = 'cronjob';
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  adopt(resource: ResourceName, object: KubeObject): void {
    if (resource === RESOURCES.cronJobs) this.#context.queue.add(this.name, keyOf(object));
  }

  observe(resource: ResourceName, event: StoreEvent): void {
    if (resource === RESOURCES.cronJobs && event.type !== 'DELETED') this.adopt(resource, event.object);
    const owner = resource === RESOURCES.jobs ? controllerOf(event.object) : undefined;
    if (owner?.kind !== 'CronJob') return;
    this.#context.queue.add(this.name, `${event.object.metadata.namespace ?? ''}/${owner.name}`);
  }

  sync(namespace: string | null, name: string): void {
    const cron = this.#context.store.get(RESOURCES.cronJobs, namespace, name);
    if (!cron) return;
    const jobs = this.#context.index.ownedBy(RESOURCES.jobs, cron.metadata.uid);
    const scheduled = trueAt(cron, 'spec', 'suspend') ? null : this.#runIfDue(cron, jobs.filter(isRunning));
    this.#writeStatus(cron, scheduled);
    this.#trimHistory(cron, jobs);
  }

  /** Starts the latest run that is due; returns its scheduled time, or null when none was started. */
  #runIfDue(cron: KubeObject, running: readonly KubeObject[]): number | null {
    const { queue, clock } = this.#context;
    const schedule = parseSchedule(textAt(cron, 'spec', 'schedule') ?? '');
    if (!schedule) {
      this.#say(
        cron,
        'Warning',
        'UnparseableSchedule',
        `unparseable schedule: ${textAt(cron, 'spec', 'schedule')}`,
      );
      return null;
    }
    const zone = textAt(cron, 'spec', 'timeZone') ?? 'UTC';
    const now = clock.now();
    const due = this.#latestDue(cron, schedule, zone, now);
    const next = nextRun(schedule, now, zone);
    if (next !== null) queue.add(this.name, keyOf(cron), next - now);
    const deadline = numberAt(cron, 'spec', 'startingDeadlineSeconds');
    if (due === null || (deadline !== undefined && due + deadline * 1000 < now)) return null;
    return this.#start(cron, due, running) ? due : null;
  }

  #latestDue(cron: KubeObject, schedule: Schedule, zone: string, now: number): number | null {
    const last = timeOf(textAt(cron, 'status', 'lastScheduleTime') ?? cron.metadata.creationTimestamp);
    let due: number | null = null;
    let at = nextRun(schedule, last, zone);
    for (let missed = 0; at !== null && at <= now; missed += 1) {
      if (missed === MISSED_LIMIT) {
        this.#say(
          cron,
          'Warning',
          'TooManyMissedTimes',
          'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
        );
        at = nextRun(schedule, Math.max(at, now - 3_600_000), zone);
        if (at === null || at > now) break;
      }
      due = at;
      at = nextRun(schedule, at, zone);
    }
    return due;
  }

  #start(cron: KubeObject, at: number, running: readonly KubeObject[]): boolean {
    const { store } = this.#context;
    const namespace = cron.metadata.namespace ?? null;
    const policy = textAt(cron, 'spec', 'concurrencyPolicy') ?? 'Allow';
    if (policy === 'Forbid' && running.length > 0) {
      this.#say(
        cron,
        'Normal',
        'JobAlreadyActive',
        'Not starting job because prior execution is running and concurrency policy is Forbid',
      );
      return false;
    }
    if (policy === 'Replace') {
      for (const job of running) {
        store.remove(RESOURCES.jobs, namespace, job.metadata.name);
        this.#say(cron, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
      }
    }
    const body = jobFor(cron, at);
    if (store.get(RESOURCES.jobs, namespace, body.metadata.name)) return true;
    store.create(RESOURCES.jobs, body);
    this.#say(cron, 'Normal', 'SuccessfulCreate', `Created job ${body.metadata.name}`);
    return true;
  }

  #writeStatus(cron: KubeObject, scheduled: number | null): void {
    const { store, index } = this.#context;
    const jobs = index.ownedBy(RESOURCES.jobs, cron.metadata.uid);
    const ends = jobs.map((job) => timeOf(objectAt(job, 'status')['completionTime'])).filter(Number.isFinite);
    const known = timeOf(objectAt(cron, 'status')['lastSuccessfulTime']);
    const success = Math.max(...ends, Number.isFinite(known) ? known : 0);
    store.change(RESOURCES.cronJobs, cron.metadata.namespace ?? null, cron.metadata.name, (object) => {
      const { active: _old, ...rest } = objectAt(object, 'status');
      const active = jobs.filter(isRunning).map(reference);
      const status: JsonObject = {
        ...(active.length > 0 ? { active } : {}),
        ...rest,
        ...(scheduled === null ? {} : { lastScheduleTime: timestampOf(scheduled) }),
        ...(success > 0 ? { lastSuccessfulTime: timestampOf(success) } : {}),
      };
      return { ...object, status };
    });
    const before = new Set(listNames(cron));
    for (const job of jobs) {
      if (isRunning(job) || !before.has(job.metadata.name)) continue;
      const end = hasJobCondition(objectAt(job, 'status'), 'Failed') ? 'Failed' : 'Complete';
      this.#say(
        cron,
        'Normal',
        'SawCompletedJob',
        `Saw completed job: ${job.metadata.name}, condition: ${end}`,
      );
    }
  }

  #trimHistory(cron: KubeObject, jobs: readonly KubeObject[]): void {
    const limits = { Complete: 'successfulJobsHistoryLimit', Failed: 'failedJobsHistoryLimit' } as const;
    for (const [end, field] of Object.entries(limits)) {
      const keep = numberAt(cron, 'spec', field) ?? (end === 'Complete' ? 3 : 1);
      const ended = jobs.filter((job) => hasJobCondition(objectAt(job, 'status'), end));
      const newestFirst = ended.sort((a, b) =>
        b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp),
      );
      for (const job of newestFirst.slice(keep)) {
        this.#context.store.remove(RESOURCES.jobs, job.metadata.namespace ?? null, job.metadata.name);
        this.#say(cron, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
      }
    }
  }

  #say(cron: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.events.record(cron, { type, reason, message, source: SOURCE });
  }
}

function isRunning(job: KubeObject): boolean {
  const status = objectAt(job, 'status');
  return !hasJobCondition(status, 'Complete') && !hasJobCondition(status, 'Failed');
}

function reference(job: KubeObject): JsonObject {
  const { name, namespace, uid, resourceVersion } = job.metadata;
  return {
    kind: 'Job',
    namespace: namespace ?? 'default',
    name,
    uid,
    apiVersion: 'batch/v1',
    resourceVersion,
  };
}

function listNames(cron: KubeObject): string[] {
  const active = objectAt(cron, 'status')['active'];
  return Array.isArray(active) ? active.map((one) => textAt(one, 'name') ?? '') : [];
}

/** The Job of a scheduled minute: its name ends in that minute, so that it cannot be made twice. */
function jobFor(cron: KubeObject, at: number) {
  const template = objectAt(cron, 'spec', 'jobTemplate');
  const stamp = timestampOf(at);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${cron.metadata.name}-${Math.floor(at / 60_000)}`,
      namespace: cron.metadata.namespace ?? 'default',
      labels: textMapAt(template, 'metadata', 'labels'),
      annotations: {
        ...textMapAt(template, 'metadata', 'annotations'),
        'batch.kubernetes.io/cronjob-scheduled-timestamp': stamp,
      },
      ownerReferences: [ownerReference(cron)],
    },
    spec: { parallelism: 1, completions: 1, backoffLimit: 6, suspend: false, ...objectAt(template, 'spec') },
    status: {},
  };
}
