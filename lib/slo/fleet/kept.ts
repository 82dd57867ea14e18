import type { Tally } from '../math/counts';
import { type Cumulative, cumulate } from '../math/cumulative';
import { type Exhaustion, exhaustionRange, forecastSpans, rateOf, rollingExhaustion } from '../math/forecast';
import type { Objective } from '../math/objective';
import type { Bounds } from '../math/window';
import type { Bucket } from '../model';

const hour = 3600;

/** Hours of the past, oldest first without a hole in their grid, and what came after the last of them. */
export type Past = { hours: readonly Bucket[]; tail: Tally };

/** A window laid on a grid of its own, that ends with it: old events roll off by hours, none is lost at its end. */
export type Kept = {
  sums: Cumulative;
  bounds: Bounds /** Add to a time of the grid for unix seconds. */;
  shift: number;
};

const parts = 3;

/** Running sums of good, bad and known seconds at times that only rise, taken as even between two of them. */
class Line {
  private readonly times: Float64Array;
  private readonly sums: Float64Array;
  private length = 0;
  private index = 0;

  constructor(capacity: number) {
    this.times = new Float64Array(capacity);
    this.sums = new Float64Array(capacity * parts);
  }

  add(time: number, good: number, bad: number, known: number): void {
    const [at, before] = [this.length * parts, (this.length - 1) * parts];
    const last = (part: number) => (this.length === 0 ? 0 : (this.sums[before + part] ?? 0));
    this.times[this.length] = time;
    this.sums[at] = last(0) + good;
    this.sums[at + 1] = last(1) + bad;
    this.sums[at + 2] = last(2) + known;
    this.length += 1;
  }

  /** Writes the sums at a time into `into`. Times asked for must rise. */
  read(time: number, into: Float64Array): void {
    while (this.index + 1 < this.length && (this.times[this.index + 1] ?? 0) <= time) this.index += 1;
    const start = this.times[this.index] ?? 0;
    const isInside = this.index + 1 < this.length && time > start;
    const share = isInside ? (time - start) / ((this.times[this.index + 1] ?? time) - start) : 0;
    for (let part = 0; part < parts; part += 1) {
      const low = this.sums[this.index * parts + part] ?? 0;
      const high = this.sums[(this.index + 1) * parts + part] ?? low;
      into[part] = share === 0 ? low : low + share * (high - low);
    }
  }
}

function lineOf({ hours, tail }: Past, to: number): Line {
  const line = new Line(hours.length + 2);
  const first = hours[0];
  line.add(first === undefined ? to - tail.expected : first.end - hour, 0, 0, 0);
  for (const { end, counts } of hours) {
    const usable = counts !== null && Number.isFinite(counts.good + counts.bad);
    line.add(end, usable ? counts.good : 0, usable ? counts.bad : 0, usable ? hour : 0);
  }
  line.add(to, tail.counts?.good ?? 0, tail.counts?.bad ?? 0, tail.known);
  return line;
}

/** The window of `seconds` that ends at `to`, hour by hour from its own end. */
export function keptOf(past: Past, to: number, seconds: number): Kept {
  const line = lineOf(past, to);
  const length = Math.ceil(seconds / hour);
  const origin = to - length * hour;
  const buckets: Bucket[] = [];
  const [low, high] = [new Float64Array(parts), new Float64Array(parts)];
  line.read(origin, low);
  for (let step = 1; step <= length; step += 1) {
    line.read(origin + step * hour, high);
    const part = (place: number) => Math.max(0, (high[place] ?? 0) - (low[place] ?? 0));
    const [good, bad] = [part(0), part(1)];
    const isKnown = part(2) > 0;
    buckets.push({
      end: step * hour,
      counts: isKnown ? { good, bad, total: good + bad } : null,
      method: isKnown ? 'mixed' : null,
    });
    low.set(high);
  }
  const bounds = { from: length * hour - seconds, to: length * hour };
  return { sums: cumulate(buckets, hour, { from: 0, to: length * hour }), bounds, shift: origin };
}

export type Paced = { spanSeconds: number; burn: number | null; exhaustion: Exhaustion };

/** When a rolling budget runs out at the paces of the last 1 h, 6 h and 3 d. */
export function rollingPaces(
  kept: Kept,
  window: Tally,
  span: (seconds: number) => Tally,
  objective: Objective,
  burnOf: (tally: Tally) => number | null,
): { paces: Paced[]; soonest: Exhaustion; latest: Exhaustion } {
  const paces = forecastSpans.map((spanSeconds): Paced => {
    const tally = span(spanSeconds);
    const exhaustion: Exhaustion =
      window.invalid > 0
        ? { kind: 'unknown' }
        : rollingExhaustion(kept.sums, kept.bounds, objective, rateOf(tally, 1));
    return { spanSeconds, burn: burnOf(tally), exhaustion };
  });
  return { paces, ...exhaustionRange(paces.map(({ exhaustion }) => exhaustion)) };
}
