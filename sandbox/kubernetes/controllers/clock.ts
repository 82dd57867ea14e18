/** A timer of either clock; only the clock that made it can clear it. */
export type TimerHandle = ReturnType<typeof setTimeout> | number;

/** Time as controllers see it. `now` is in milliseconds since the epoch, delays are in milliseconds. */
export type Clock = {
  now(): number;
  setTimeout(callback: () => void, ms: number): TimerHandle;
  clearTimeout(handle: TimerHandle): void;
};

/** Longest delay that Node's timers take; longer ones would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The clock of the machine, optionally with another `now`. Timers do not keep the process alive. */
export function systemClock(now: () => number = Date.now): Clock {
  return {
    now,
    setTimeout: (callback, ms) => {
      const timer = setTimeout(callback, Math.min(Math.max(ms, 0), MAX_DELAY_MS));
      timer.unref();
      return timer;
    },
    clearTimeout: (handle) => clearTimeout(handle),
  };
}

type Entry = { at: number; id: number; callback: () => void };

/** A clock that moves only when told to: minutes of a rollout pass in milliseconds, in a fixed order. */
export class VirtualClock implements Clock {
  readonly #heap: Entry[] = [];
  readonly #live = new Set<number>();
  #now: number;
  #id = 0;

  constructor(startMs: number = Date.UTC(2026, 10, 21, 6, 30)) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): TimerHandle {
    this.#id += 1;
    this.#live.add(this.#id);
    this.#push({ at: this.#now + Math.max(ms, 0), id: this.#id, callback });
    return this.#id;
  }

  clearTimeout(handle: TimerHandle): void {
    if (typeof handle === 'number') this.#live.delete(handle);
  }

  /** Timers that are still to fire: an idle cluster has few. */
  get pending(): number {
    return this.#live.size;
  }

  /** Fires everything due within the next `ms`, then stands at that time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    while (this.#step(end));
    this.#now = end;
  }

  /** Steps timer by timer until `done`, at most `maxMs`; true when `done` became true. */
  advanceUntil(done: () => boolean, maxMs: number): boolean {
    const end = this.#now + maxMs;
    while (!done()) if (!this.#step(end)) return false;
    return true;
  }

  #step(end: number): boolean {
    for (let first = this.#heap[0]; first && first.at <= end; first = this.#heap[0]) {
      this.#pop();
      if (!this.#live.delete(first.id)) continue;
      this.#now = Math.max(this.#now, first.at);
      first.callback();
      return true;
    }
    return false;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || !before(entry, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      const child = right && left && before(right, left) ? right : left;
      if (!child || !before(child, last)) break;
      heap[index] = child;
      index = child === left ? 2 * index + 1 : 2 * index + 2;
    }
    heap[index] = last;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.id < b.id);
}
