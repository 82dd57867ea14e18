/** What is measured: objectives of one group, a label value each, with a series of successes and one of failures. */
export const objectives = 500;
export const services = 25;
/** Each would be another group of every objective, with series and buckets of its own. */
export const regions = ['east'] as const;
export const metric = 'requests_total';
/** Seconds between two scrapes now and in the days that are read from raw samples. */
export const scrapeSeconds = 30;

export const sloId = (index: number): string => `slo-${String(index).padStart(3, '0')}`;

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Counter = { prefix: string; perSecond: number; value: number };

/** Counters of requests that only grow: 2 to 80 requests a second, of which some 0.03 % fail. */
export class Traffic {
  private readonly counters: Counter[] = [];
  private readonly next: () => number;

  constructor(count = objectives, seed = 1) {
    this.next = numbers(seed);
    for (let index = 0; index < count; index++) {
      for (const region of regions) {
        const perSecond = 2 + 78 * this.next() ** 2;
        const prefix = (code: number) =>
          `${metric}{slo="${sloId(index)}",region="${region}",code="${code}"} `;
        this.counters.push({ prefix: prefix(200), perSecond, value: 0 });
        this.counters.push({ prefix: prefix(500), perSecond: perSecond * 0.0006 * this.next(), value: 0 });
      }
    }
  }

  /** Lets time pass: whole events, never fewer, more or less as many as the rate says. */
  advance(seconds: number): void {
    for (const counter of this.counters) {
      counter.value += Math.floor(counter.perSecond * seconds * (0.8 + 0.4 * this.next()) + this.next());
    }
  }

  /** A line for each series, ended by `end`. */
  lines(end: string): string {
    let text = '';
    for (const { prefix, value } of this.counters) text += prefix + value + end;
    return text;
  }
}
