/** A started program, whatever it is. */
export type Running = {
  pid: number;
  exited: Promise<string>;
  tail: () => string;
  kill: (signal: NodeJS.Signals) => void;
  stop: () => Promise<void>;
};

/** A part that ended although nobody asked it to. */
export type Death = { part: string; how: string; tail: string };

/**
 * One program of the stack. It can be stopped, killed and started again, always on the same port; an end that was
 * not asked for is reported once.
 */
export class Part {
  readonly name: string;
  readonly #launch: () => Promise<Running>;
  readonly #onDeath: (death: Death) => void;
  #running: Running | undefined;

  constructor(name: string, launch: () => Promise<Running>, onDeath: (death: Death) => void) {
    this.name = name;
    this.#launch = launch;
    this.#onDeath = onDeath;
  }

  get pid(): number | undefined {
    return this.#running?.pid;
  }

  async start(): Promise<void> {
    if (this.#running) return;
    const running = await this.#launch();
    this.#running = running;
    void running.exited.then((how) => {
      if (this.#running !== running) return;
      this.#running = undefined;
      this.#onDeath({ part: this.name, how, tail: running.tail() });
    });
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.stop();
  }

  /** Sends the signal; when it ends the program, that is no death to report. Waits only for SIGKILL's effect. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const running = this.#running;
    if (!running) return;
    if (signal !== 'SIGKILL') return running.kill(signal);
    this.#running = undefined;
    running.kill(signal);
    await running.exited;
  }
}
