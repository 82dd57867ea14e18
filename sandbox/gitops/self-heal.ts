import { equalJson } from '../kubernetes/object';
import type { JsonObject, ResourceName, Store, StoreEvent } from '../kubernetes/store';
import { type Ignore, ignoredPaths, respecting, withoutPaths } from './ignore';
import { type Manifest, membersOf } from './manifests';

/** A reconciliation of the controller takes this long from the event to the write. */
const REACTION_MS = 200;
/** Flags of argocd-application-controller (change-engine.md 1.8): 2 s x 3 up to 300 s, forgotten after 330 s in sync. */
const BACKOFF_MS = 2000;
const BACKOFF_FACTOR = 3;
const BACKOFF_MAX_MS = 300_000;
const COOLDOWN_MS = 330_000;

export type HealPolicy = {
  selfHeal: boolean;
  ignoreDifferences: readonly Ignore[];
  respectIgnoreDifferences: boolean;
};

/** Injected, so that a test can let minutes pass. */
export type HealClock = {
  now: () => number;
  /** Calls back once after `ms`; the answer cancels it. */
  after: (ms: number, callback: () => void) => () => void;
};

export const machineClock: HealClock = {
  now: Date.now,
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/**
 * What automated sync with self-heal does to the objects of one Application: the first difference is healed at
 * once, the next ones after longer and longer waits, and only the object that differs is written.
 */
export class SelfHeal {
  readonly #store: Store;
  readonly #manifests: readonly Manifest[];
  readonly #clock: HealClock;
  readonly #write: (manifest: Manifest, patch: JsonObject) => Promise<void>;
  readonly #onLook: () => void;
  readonly #unsubscribe: () => void;
  #policy: HealPolicy;
  #cancel: (() => void) | null = null;
  #busy = false;
  #stopped = false;
  /** Heals since it was in sync for long enough. */
  attempts = 0;
  healed = 0;
  lastHealMs: number | null = null;

  constructor(options: {
    store: Store;
    manifests: readonly Manifest[];
    policy: HealPolicy;
    clock: HealClock;
    write: (manifest: Manifest, patch: JsonObject) => Promise<void>;
    /** Told after each look, so that the Application's status can follow. */
    onLook: () => void;
  }) {
    this.#store = options.store;
    this.#manifests = options.manifests;
    this.#policy = options.policy;
    this.#clock = options.clock;
    this.#write = options.write;
    this.#onLook = options.onLook;
    this.#unsubscribe = options.store.subscribe((resource, event) => this.#observe(resource, event));
    this.#wake(REACTION_MS);
  }

  set policy(policy: HealPolicy) {
    this.#policy = policy;
    this.#wake(REACTION_MS);
  }

  stop(): void {
    this.#stopped = true;
    this.#unsubscribe();
    this.#cancel?.();
  }

  /** Objects that differ from git, ignored members aside. */
  outOfSync(): Manifest[] {
    return this.#manifests.filter((manifest) => {
      const live = this.#live(manifest);
      const ignored = ignoredPaths(this.#policy.ignoreDifferences, manifest);
      const [a, b] = [{ spec: manifest.spec }, { spec: live ?? {} }];
      return live !== null && !equalJson(withoutPaths(a, ignored), withoutPaths(b, ignored));
    });
  }

  #live({ resource, namespace, name, spec }: Manifest): JsonObject | null {
    const object = this.#store.get(resource, namespace, name);
    return object && membersOf(object, Object.keys(spec));
  }

  #observe(resource: ResourceName, event: StoreEvent): void {
    const { namespace, name } = event.object.metadata;
    const isOurs = this.#manifests.some(
      (one) => one.resource === resource && one.namespace === namespace && one.name === name,
    );
    if (isOurs) this.#wake(REACTION_MS);
  }

  #wake(ms: number): void {
    if (this.#stopped) return;
    this.#cancel?.();
    this.#cancel = this.#clock.after(ms, () => {
      this.#cancel = null;
      this.#look().catch((error: unknown) => console.error(error));
    });
  }

  async #look(): Promise<void> {
    if (this.#stopped || this.#busy) return;
    const now = this.#clock.now();
    const since = this.lastHealMs === null ? Number.POSITIVE_INFINITY : now - this.lastHealMs;
    if (since >= COOLDOWN_MS) this.attempts = 0;
    const different = this.outOfSync();
    if (different.length > 0 && this.#policy.selfHeal) {
      const wait = this.#wait() - since;
      if (this.attempts > 0 && wait > 0) this.#wake(wait);
      else await this.#heal(different);
    }
    this.#onLook();
  }

  /** From the last heal to the next one that is allowed. */
  #wait(): number {
    return Math.min(BACKOFF_MS * BACKOFF_FACTOR ** (this.attempts - 1), BACKOFF_MAX_MS);
  }

  async #heal(different: readonly Manifest[]): Promise<void> {
    this.#busy = true;
    try {
      for (const manifest of different) {
        const live = this.#live(manifest);
        const ignored = ignoredPaths(this.#policy.ignoreDifferences, manifest);
        const wanted = { spec: manifest.spec };
        const { respectIgnoreDifferences } = this.#policy;
        const patch = respectIgnoreDifferences ? respecting(wanted, { spec: live ?? {} }, ignored) : wanted;
        await this.#write(manifest, patch);
        this.healed += 1;
      }
    } finally {
      this.attempts += 1;
      this.lastHealMs = this.#clock.now();
      this.#busy = false;
      this.#wake(REACTION_MS);
    }
  }
}
