/** `wait` resolves after `ms`, when the bell rings or has rung since the last wait, or when the signal aborts. */
export type Bell = { wait: (ms: number, signal: AbortSignal) => Promise<void>; close: () => void };

/** Sleepers by key: a notification of the database wakes those that wait for it. */
export class Wakeups {
  readonly #sleepers = new Map<string, Set<() => void>>();

  wake(key: string): void {
    for (const wake of [...(this.#sleepers.get(key) ?? [])]) wake();
  }

  wakeAll(): void {
    for (const key of [...this.#sleepers.keys()]) this.wake(key);
  }

  /**
   * For those who work between two waits: what is told meanwhile is not slept through. An abort that comes while
   * the cluster is looked at would else be heard with the next look only.
   */
  bell(keys: readonly string[]): Bell {
    let rung = false;
    let waiting: (() => void) | null = null;
    const ring = () => {
      if (waiting === null) rung = true;
      else waiting();
    };
    for (const key of keys) this.#add(key, ring);
    return {
      wait: (ms, signal) => {
        if (rung || signal.aborted) {
          rung = false;
          return Promise.resolve();
        }
        return new Promise((resolve) => {
          const done = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', done);
            if (waiting === done) waiting = null;
            resolve();
          };
          const timer = setTimeout(done, ms);
          signal.addEventListener('abort', done, { once: true });
          waiting = done;
        });
      },
      close: () => {
        for (const key of keys) this.#remove(key, ring);
      },
    };
  }

  #add(key: string, wake: () => void): void {
    const set = this.#sleepers.get(key) ?? new Set();
    set.add(wake);
    this.#sleepers.set(key, set);
  }

  #remove(key: string, wake: () => void): void {
    const set = this.#sleepers.get(key);
    set?.delete(wake);
    if (set?.size === 0) this.#sleepers.delete(key);
  }

  /** Resolves after `ms`, when one of the keys is woken, or when the signal aborts. */
  wait(keys: readonly string[], ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        for (const key of keys) this.#remove(key, done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
      for (const key of keys) this.#add(key, done);
    });
  }
}
