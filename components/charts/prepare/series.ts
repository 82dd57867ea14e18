import type { Point } from '@/lib/service/contract';

/** One named line; the points of all lines of a chart lie on the same step. */
export type Line = { name: string; points: Point[] };

/** Recharts wants rows: one per time, one column per line. Missing points are null and break the line. */
export function toRows(lines: Line[]): { at: number; [line: string]: number | null }[] {
  const rows = new Map<number, { at: number; [line: string]: number | null }>();
  for (const line of lines) {
    for (const [at, value] of line.points) {
      const row = rows.get(at) ?? { at };
      row[line.name] = value;
      rows.set(at, row);
    }
  }
  const sorted = [...rows.values()].sort((a, b) => a.at - b.at);
  for (const row of sorted) for (const line of lines) row[line.name] ??= null;
  return sorted;
}

/** Round numbers that cover 0 to `top` in at most five steps. */
export function niceTicks(top: number): number[] {
  if (!(top > 0)) return [0, 1];
  const raw = top / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= raw) ?? raw;
  const count = Math.ceil(top / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** The largest value in any line; 0 when there is none. */
export const highest = (lines: Line[]): number =>
  lines.reduce((top, line) => line.points.reduce((max, [, value]) => Math.max(max, value ?? 0), top), 0);

/** Times for the x axis: about `wanted` round ones between two unix seconds. */
export function timeTicks(from: number, to: number, wanted = 6): number[] {
  const steps = [
    60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 432_000, 604_800,
  ];
  const step = steps.find((each) => (to - from) / each <= wanted) ?? 1_209_600;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** The newest known value of a line. */
export function lastValue(line: Line): number | null {
  for (let index = line.points.length - 1; index >= 0; index -= 1) {
    const value = line.points[index]?.[1];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/** At most `most` lines; the smaller ones become one grey "others" (their sum). */
export function foldOthers(lines: Line[], most = 5): Line[] {
  if (lines.length <= most) return lines;
  const bySize = [...lines].sort((a, b) => (lastValue(b) ?? 0) - (lastValue(a) ?? 0));
  const kept = bySize.slice(0, most - 1);
  const sums = new Map<number, number | null>();
  for (const line of bySize.slice(most - 1)) {
    for (const [at, value] of line.points) {
      const known = sums.get(at) ?? null;
      sums.set(at, value === null ? known : (known ?? 0) + value);
    }
  }
  const others: Point[] = [...sums].sort(([a], [b]) => a - b).map(([at, value]): Point => [at, value]);
  return [...kept, { name: 'others', points: others }];
}
