import type { Clock, TimerHandle } from './clock';

type Waiting = { at: number; timer: TimerHandle };

/** How many items one turn handles before other work of the process gets its turn. */
const BATCH = 300;
/** A key whose handler threw is tried again after a second, twice that, and so on to a minute. */
const RETRY_MS = 1000;
const RETRY_MAX_MS = 60_000;

/**
 * Keys to work on, each at most once at a time, in the order they came. A key added with a delay waits on
 * a timer; an earlier time replaces a later one, so a handler must ask again for what it still waits for.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #handle: (controller: string, key: string) => void;
  readonly #ready = new Map<string, { controller: string; key: string }>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #failures = new Map<string, number>();
  readonly #report: (error: unknown) => void;
  #turn: TimerHandle | null = null;
  #stopped = false;

  /** `report` hears of what a handler threw; the key is tried again with back-off. */
  constructor(
    clock: Clock,
    handle: (controller: string, key: string) => void,
    report: (error: unknown) => void = (error) => console.error(error),
  ) {
    this.#clock = clock;
    this.#handle = handle;
    this.#report = report;
  }

  add(controller: string, key: string, delayMs = 0): void {
    if (this.#stopped) return;
    const id = `${controller} ${key}`;
    if (delayMs <= 0) {
      this.#ready.set(id, { controller, key });
      this.#turn ??= this.#clock.setTimeout(() => this.#run(), 0);
      return;
    }
    const at = this.#clock.now() + delayMs;
    const waiting = this.#waiting.get(id);
    if (waiting && waiting.at <= at) return;
    if (waiting) this.#clock.clearTimeout(waiting.timer);
    const timer = this.#clock.setTimeout(() => {
      this.#waiting.delete(id);
      this.add(controller, key);
    }, delayMs);
    this.#waiting.set(id, { at, timer });
  }

  stop(): void {
    this.#stopped = true;
    if (this.#turn !== null) this.#clock.clearTimeout(this.#turn);
    for (const { timer } of this.#waiting.values()) this.#clock.clearTimeout(timer);
    this.#waiting.clear();
    this.#ready.clear();
  }

  #run(): void {
    this.#turn = null;
    let handled = 0;
    for (const [id, { controller, key }] of this.#ready) {
      if (handled === BATCH) break;
      handled += 1;
      this.#ready.delete(id);
      this.#try(id, controller, key);
    }
    if (this.#ready.size > 0 && !this.#stopped) this.#turn = this.#clock.setTimeout(() => this.#run(), 0);
  }

  #try(id: string, controller: string, key: string): void {
    try {
      this.#handle(controller, key);
      this.#failures.delete(id);
    } catch (error) {
      const failures = this.#failures.get(id) ?? 0;
      this.#failures.set(id, failures + 1);
      this.#report(error);
      this.add(controller, key, Math.min(RETRY_MS * 2 ** failures, RETRY_MAX_MS));
    }
  }
}
