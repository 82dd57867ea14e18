import { createHash } from 'node:crypto';
import type { History } from './checker/history';

const AT = Date.UTC(2026, 10, 21, 12);
const labelsOf = (color: string) => ({ app: 'api', color });
type Details = Record<string, string | number>;
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

type WriteOptions = {
  epoch?: number;
  attempt?: number;
  fence?: null;
  /** Of another change than the intent's. */
  fenceOf?: number;
  /** Names no intent. */
  silent?: true;
  status?: number;
  replicas?: number;
  resource?: string;
  name?: string;
  spec?: Json;
  /** Null: the new Deployment is gone. */
  readyNew?: number | null;
  readyOld?: number;
  /** Pods that are wanted of the new Deployment, where that is another number. */
  replicasNew?: number;
};

/** A made-up history, told step by step; each step is a second after the one before. */
export class Story {
  #nowMs = AT;
  #change = 1;
  #version = 1;
  #isByPods = false;
  #pods = { old: 4, new: 0 };
  readonly #audit: string[] = [];
  readonly #writes: unknown[] = [];

  other(change: number): this {
    this.#change = change;
    return this;
  }

  later(ms: number): this {
    this.#nowMs += ms;
    return this;
  }

  entry(action: string, details: Details = {}, more: { actor?: string; planHash?: string } = {}): this {
    this.later(1000);
    const { actor = 'worker', planHash = 'hash' } = more;
    const body = {
      action,
      at: new Date(this.#nowMs).toISOString(),
      actor: { kind: actor === 'worker' ? 'worker' : 'person', id: actor },
      change: this.#change,
      result: 'ok',
      planHash,
      details: { sentence: 'So it is.', ...details },
    };
    this.#audit.push(JSON.stringify(body));
    return this;
  }

  approved(options: { signer?: string; planHash?: string; needed?: number; kind?: string } = {}): this {
    const { kind = 'deploy', ...signature } = options;
    return this.entry('change.requested', { kind }, { actor: 'requester' }).signed(signature);
  }

  signed({ signer = 'lead', planHash, needed = 1 }: Parameters<Story['approved']>[0] = {}): this {
    const details = { role: 'engineering_lead', needed };
    return this.entry('change.signed', details, {
      actor: signer,
      ...(planHash === undefined ? {} : { planHash }),
    });
  }

  started(): this {
    return this.claimed(1)
      .entry('change.claimed', { from: 'Queued', to: 'Revalidating', epoch: 1 })
      .entry('change.started', { epoch: 1 });
  }

  claimed(epoch: number): this {
    return this.entry('change.claimed', { epoch, from: 'Running' });
  }

  intent(options: { epoch?: number; attempt?: number; object?: string; planHash?: string } = {}): this {
    const { epoch = 1, attempt = 1, object = 'deployment/shop/api', planHash = 'hash' } = options;
    return this.entry('change.intent', { intent: this.#intentOf(attempt), object, epoch }, { planHash });
  }

  /** Announces and writes backends with weights as they are given; null: without a weight. */
  backends(weights: readonly (number | null)[]): this {
    const backendRefs = weights.map((weight, index) => ({
      name: index === 0 ? 'api-blue' : 'api-green',
      ...(weight === null ? {} : { weight }),
    }));
    return this.intent({ object: 'us/HTTPRoute/shop/api' }).write({
      resource: 'httproutes.gateway.networking.k8s.io',
      spec: { rules: [{ backendRefs }] },
    });
  }

  ended(action: string, details: Details = {}): this {
    return this.entry(action, details);
  }

  /** One line of the API server's record. */
  write(options: WriteOptions = {}): this {
    this.later(1000);
    const { epoch = 1, attempt = 1, status = 200, replicas = 4, replicasNew = replicas } = options;
    const { readyOld = 4, readyNew = 4 } = options;
    const done = status < 300;
    const workload = (color: string, wanted: number, available: number) => ({
      labels: labelsOf(color),
      replicas: wanted,
      available,
    });
    const fence =
      options.fence === null
        ? {}
        : { 'signalbox.dev/fence': `c-${options.fenceOf ?? this.#change}/${epoch}` };
    this.#writes.push({
      sequence: this.#writes.length + 1,
      atMs: this.#nowMs,
      account: 'worker',
      impersonated: {
        user: 'lead',
        extra: options.silent === true ? {} : { 'signalbox.dev/attempt': [this.#intentOf(attempt)] },
      },
      method: 'PATCH',
      resource: options.resource ?? 'deployments.apps',
      namespace: 'shop',
      name: options.name ?? 'api',
      dryRun: false,
      resourceVersionBefore: String(this.#version),
      resourceVersionAfter: done ? String(this.#version + 1) : String(this.#version),
      body: { metadata: { annotations: fence } },
      status,
      left: done
        ? {
            spec: options.spec ?? {},
            endpoints: { 'api-blue': 4, 'api-green': readyNew ?? 0 },
            workloads: {
              api: workload('blue', replicas, readyOld),
              ...(readyNew === null ? {} : { 'api-green': workload('green', replicasNew, readyNew) }),
            },
          }
        : null,
    });
    if (done) this.#version += 1;
    return this;
  }

  /** Announces and writes the weight of the new version, in percent, on an HTTPRoute. */
  weights(weight: number, { old = 100 - weight, readyNew }: { old?: number; readyNew?: number } = {}): this {
    const attempt = this.#writes.length + 1;
    const backendRefs = [
      { name: 'api-blue', weight: old },
      { name: 'api-green', weight },
    ];
    return this.intent({ attempt, object: 'us/HTTPRoute/shop/api' }).write({
      attempt,
      resource: 'httproutes.gateway.networking.k8s.io',
      spec: { rules: [{ backendRefs: [{ name: 'api-green', weight: 1 }] }, { backendRefs }] },
      ...(readyNew === undefined ? {} : { readyNew }),
    });
  }

  /** From now on one Service chooses the pods of both Deployments, and no router has weights. */
  byPods(): this {
    this.#isByPods = true;
    return this;
  }

  /**
   * Announces and writes how many pods of the old or the new Deployment are wanted, or its template where it is as many
   * as before. All that were wanted before are ready, unless it is said otherwise.
   */
  pods(of: 'old' | 'new', wanted: number, ready: { old?: number; new?: number | null } = {}): this {
    const before = this.#pods;
    this.#pods = { ...before, [of]: wanted };
    const attempt = this.#writes.length + 1;
    const name = of === 'old' ? 'api' : 'api-green';
    return this.intent({ attempt, object: `us/Deployment/shop/${name}` }).write({
      attempt,
      name,
      replicas: this.#pods.old,
      replicasNew: this.#pods.new,
      readyOld: ready.old ?? before.old,
      readyNew: ready.new === undefined ? before.new : ready.new,
    });
  }

  /** Announces and writes the colour of a Service's selector. */
  select(color: string): this {
    return this.intent({ object: 'us/Service/shop/api' }).write({
      resource: 'services',
      spec: { selector: labelsOf(color) },
    });
  }

  leavesOf(bodies: readonly string[]): Buffer[] {
    return bodies.map((body) =>
      createHash('sha256').update(Buffer.of(0)).update(Buffer.from(body, 'utf8')).digest(),
    );
  }

  history(): History {
    return {
      writes: { us: this.#writes },
      audit: this.#audit,
      account: 'worker',
      serving: [
        {
          cluster: 'us',
          namespace: 'shop',
          need: 4,
          shares: { api: 1, 'api-green': 0 },
          ...(this.#isByPods
            ? { backends: {}, router: null, isByPods: true }
            : {
                backends: { api: 'api-blue', 'api-green': 'api-green' },
                router: 'httproutes.gateway.networking.k8s.io/api',
              }),
        },
      ],
      endMs: this.#nowMs,
      boundMs: 1_800_000,
    };
  }

  #intentOf(attempt: number): string {
    return `c-${this.#change}/1/${attempt}/object`;
  }
}
