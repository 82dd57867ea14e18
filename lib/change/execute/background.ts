/**
 * One piece of work beside the loop: a slow Prometheus must not keep an abort waiting. What it throws comes out
 * of `check`.
 */
export class Background {
  #running: Promise<void> | null = null;
  #thrown: { error: unknown } | null = null;

  /** Does nothing while the last piece still runs. */
  start(work: () => Promise<void>): void {
    this.#running ??= work()
      .catch((error: unknown) => {
        this.#thrown = { error };
      })
      .finally(() => {
        this.#running = null;
      });
  }

  check(): void {
    if (this.#thrown !== null) throw this.#thrown.error;
  }

  /** Resolves when nothing runs; at once when nothing did. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** The other promise, or the end of the work, whichever is first. */
  async orSettled(other: Promise<void>): Promise<void> {
    await (this.#running === null ? other : Promise.race([other, this.#running]));
  }
}
