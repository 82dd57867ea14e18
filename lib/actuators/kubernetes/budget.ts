import { monotonicMs } from '@/lib/core/time';

/**
 * Calls of an API server are made from one of two budgets, each with connections and a pace of its own: what goes
 * forth can neither take the connections of the way back nor hold it up by what the server told it to wait
 * (change-engine.md 2.2, 13).
 */
export type Budget = 'advance' | 'way-back';

/** Calls per second, and how many may be made at once after a pause; per worker and cluster. */
export type Allowance = { connections: number; perSecond: number; burst: number };

export const allowances: Record<Budget, Allowance> = {
  advance: { connections: 8, perSecond: 100, burst: 200 },
  'way-back': { connections: 4, perSecond: 50, burst: 100 },
};

/** The pace of one budget: a bucket of calls that fills up, and the time until which the server wants none. */
export class Pace {
  readonly #allowance: Allowance;
  readonly #nowMs: () => number;
  #left: number;
  #filledAtMs: number;
  #closedUntilMs = 0;

  constructor(allowance: Allowance, nowMs: () => number = monotonicMs) {
    this.#allowance = allowance;
    this.#nowMs = nowMs;
    this.#left = allowance.burst;
    this.#filledAtMs = nowMs();
  }

  /** Takes the next place; milliseconds until its turn, 0 while the bucket is not empty. */
  take(): number {
    const { perSecond, burst } = this.#allowance;
    const now = this.#nowMs();
    this.#left = Math.min(burst, this.#left + ((now - this.#filledAtMs) / 1000) * perSecond);
    this.#filledAtMs = now;
    this.#left -= 1;
    return Math.max(0, (-this.#left / perSecond) * 1000);
  }

  /** The server answered 429 and named a time (Retry-After). */
  close(seconds: number): void {
    this.#closedUntilMs = Math.max(this.#closedUntilMs, this.#nowMs() + seconds * 1000);
  }

  /** Seconds that the server still wants no call of this budget; 0 when it may be asked. */
  closedSeconds(): number {
    return Math.max(0, (this.#closedUntilMs - this.#nowMs()) / 1000);
  }
}
