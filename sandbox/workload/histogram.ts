/** Upper bounds in seconds; they include the thresholds of the latency objectives (0.1, 0.2, 0.3, 0.5, 5). */
export const bucketBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10] as const;

export type HistogramState = { counts: number[]; sum: number };

/** A classic Prometheus histogram; `counts` are per bucket, the last one is above every bound. */
export class Histogram {
  readonly #counts: number[];
  #sum: number;

  constructor(state?: HistogramState) {
    this.#counts = state ? [...state.counts] : new Array<number>(bucketBounds.length + 1).fill(0);
    this.#sum = state?.sum ?? 0;
  }

  observe(seconds: number): void {
    const index = bucketOf(seconds);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sum += seconds;
  }

  state(): HistogramState {
    return { counts: [...this.#counts], sum: this.#sum };
  }

  /** Lines of the text format; `labels` without braces, may be empty. */
  lines(name: string, labels: string): string[] {
    const separator = labels === '' ? '' : ',';
    let cumulative = 0;
    const buckets = this.#counts.map((count, index) => {
      cumulative += count;
      const bound = bucketBounds[index];
      return `${name}_bucket{${labels}${separator}le="${bound === undefined ? '+Inf' : bound}"} ${cumulative}`;
    });
    const braces = labels === '' ? '' : `{${labels}}`;
    return [...buckets, `${name}_sum${braces} ${this.#sum}`, `${name}_count${braces} ${cumulative}`];
  }
}

/** Index of the first bucket whose bound is at or above `seconds`. */
export function bucketOf(seconds: number): number {
  const index = bucketBounds.findIndex((bound) => seconds <= bound);
  return index === -1 ? bucketBounds.length : index;
}
