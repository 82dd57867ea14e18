import 'server-only';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { monotonicMs, sleep } from '@/lib/core/time';

export type PollOptions<T> = {
  name: string;
  intervalMs: number;
  /** Without a reader for this long the source is left alone; the next reader starts it again. */
  idleMs?: number;
  /** Reads once. It should return readings rather than throw: what it throws is logged and tried again. */
  read: (previous: T | undefined, signal: AbortSignal) => Promise<T>;
  onValue?: (value: T, previous: T | undefined) => void;
};

/**
 * A value refreshed in the background while somebody reads it, so that requests only compose. However many
 * readers there are, each source is asked once per interval.
 */
export class Poll<T> {
  /** Rises with every value. */
  version = 0;
  private value: T | undefined;
  private readAt = 0;
  private running: Promise<void> | undefined;
  private first: Promise<void> | undefined;
  /** The first read after a time without readers: until it ended the value at hand may be hours old. */
  private waking: Promise<void> | undefined;
  private current: Promise<void> | undefined;
  /** Counts the reads that began; `turn` resolves at the next. */
  private begun = 0;
  private turn: Promise<void> = Promise.resolve();
  private nextTurn: () => void = () => {};
  private readonly stop = new AbortController();
  private wake = new AbortController();
  private readonly options: PollOptions<T>;

  constructor(options: PollOptions<T>) {
    this.options = options;
  }

  /** The newest value; undefined until the first read ended. Marks the poll as read. */
  peek(): T | undefined {
    this.readAt = monotonicMs();
    this.running ??= this.run().finally(() => {
      this.running = undefined;
    });
    return this.value;
  }

  /** The newest value, waiting at most `ms` for the first one, and for the first after a time without readers. */
  async get(ms: number): Promise<T | undefined> {
    const known = this.peek();
    if (known !== undefined && this.waking === undefined) return known;
    await Promise.race([this.waking ?? this.first, sleep(ms, this.stop.signal)]);
    return this.value;
  }

  /** The newest value without counting as a reader. */
  latest(): T | undefined {
    return this.value;
  }

  /**
   * Reads at once instead of at the end of the pause. Resolves when a read that began after this call ended;
   * at once while nobody reads, since the next reader starts anew.
   */
  async refresh(): Promise<void> {
    if (this.running === undefined) return;
    const begun = this.begun;
    this.wake.abort();
    while (this.running !== undefined && this.begun === begun) await Promise.race([this.turn, this.running]);
    await this.current;
  }

  close(): void {
    this.stop.abort();
  }

  private async run(): Promise<void> {
    const { intervalMs, idleMs = 60_000 } = this.options;
    while (!this.stop.signal.aborted && monotonicMs() - this.readAt < idleMs) {
      const started = monotonicMs();
      this.wake = new AbortController();
      const once = this.once();
      this.first ??= once;
      // `running` is set when this function first waits: without it this is the read that wakes the poll.
      if (this.running === undefined) this.waking = once;
      this.current = once;
      this.begin();
      await once;
      this.waking = undefined;
      // A refresh during the read would be lost otherwise: what it announced may not be in the value.
      const pause = this.wake.signal.aborted ? 0 : Math.max(200, intervalMs - (monotonicMs() - started));
      await sleep(pause, AbortSignal.any([this.stop.signal, this.wake.signal]));
    }
  }

  private begin(): void {
    this.begun++;
    this.nextTurn();
    this.turn = new Promise((resolve) => {
      this.nextTurn = resolve;
    });
  }

  private async once(): Promise<void> {
    const previous = this.value;
    try {
      const value = await this.options.read(previous, this.stop.signal);
      this.value = value;
      this.version++;
      this.options.onValue?.(value, previous);
    } catch (error) {
      if (this.stop.signal.aborted) return;
      logger('web').error({ poll: this.options.name, error: messageOf(error) }, 'background read failed');
    }
  }
}
