export type Port = 'database' | 'cluster' | 'metrics' | 'served' | 'clock';

/** Thrown to everything that a dead process still had in hand. */
export class Died extends Error {
  override readonly name = 'Died';
}

export type GateOptions = {
  /** The point at which the process dies; the point is not passed. */
  dieAt?: number | undefined;
  /** The point at which the process stands still, as after SIGSTOP, until `resume`. */
  stopAt?: number | undefined;
  /** Told of every point that is reached, before anything happens there. */
  onPoint?: ((point: number, name: string) => unknown) | undefined;
};

/**
 * The border between one worker and the world: each await of a port goes through `pass`, and has a point before it
 * and, when it changes something, one after it. Points are numbered from 1 in the order in which they are reached. A process that died passes
 * no point any more; what it had sent is carried out all the same.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #open = new Set<() => Promise<void>>();
  #points = 0;
  #inFlight = 0;
  #standing: { released: Promise<void>; release: () => void } | null = null;
  #told: () => void = () => {};
  readonly #ended = new AbortController();
  isDead = false;
  /** Name of the point at which it died or stood still. */
  end: string | null = null;
  /** Resolves when the process stands still. */
  readonly stopped: Promise<void>;

  constructor(options: GateOptions = {}) {
    this.#options = options;
    this.stopped = new Promise((resolve) => {
      this.#told = resolve;
    });
  }

  /** Aborted when the process dies: what it runs beside itself ends with it. */
  get died(): AbortSignal {
    return this.#ended.signal;
  }

  get points(): number {
    return this.#points;
  }

  get isIdle(): boolean {
    return this.#inFlight === 0;
  }

  get isStanding(): boolean {
    return this.#standing !== null;
  }

  /**
   * Carries a call of a port out, unless the process is dead by then. A call that leaves nothing behind has no
   * point after it: to die there is to die before the next one.
   */
  async pass<T>(port: Port, what: string, call: () => Promise<T>, leavesMark = false): Promise<T> {
    await this.point(`before ${port} ${what}`);
    this.#inFlight += 1;
    try {
      return await call();
    } finally {
      this.#inFlight -= 1;
      if (leavesMark) await this.point(`after ${port} ${what}`);
    }
  }

  /** Passes as soon as the process does not stand still; what is its own work, and no port, waits here. Throws Died. */
  async going(): Promise<void> {
    await this.#standing?.released;
    if (this.isDead) throw new Died(`The process died at ${this.end ?? 'some point'}.`);
  }

  async point(name: string): Promise<void> {
    await this.going();
    this.#points += 1;
    const point = this.#points;
    await this.#options.onPoint?.(point, name);
    if (point === this.#options.dieAt) this.die(name);
    if (point !== this.#options.stopAt) return;
    await this.#standStill(name);
    await this.going();
  }

  die(name: string): never {
    this.isDead = true;
    this.end = name;
    this.#ended.abort();
    throw new Died(`The process died at ${name}.`);
  }

  /** Ends a process from outside, also one that stands still: it passes no point any more. */
  kill(): void {
    this.isDead = true;
    this.end ??= 'the end of its schedule';
    this.#ended.abort();
    this.resume();
  }

  resume(): void {
    this.#standing?.release();
    this.#standing = null;
  }

  /** What the server ends by itself when the process stands still for long: an open transaction. */
  holdOpen(end: () => Promise<void>): () => void {
    this.#open.add(end);
    return () => this.#open.delete(end);
  }

  async #standStill(name: string): Promise<void> {
    this.end = name;
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#standing = { released, release };
    await Promise.all([...this.#open].map((end) => end()));
    this.#told();
    await released;
  }

  /** Resolves when nothing that went through this gate is under way any more. */
  async quiet(turns = 6): Promise<void> {
    for (let still = 0; still < turns; ) {
      await new Promise((resolve) => setImmediate(resolve));
      still = this.isIdle ? still + 1 : 0;
    }
  }
}
