import type { Point } from '@/lib/service/contract';
import { cx } from '../ui/class-names';

type SparklineProps = {
  points: Point[];
  /** The smallest top of the scale, so that noise far below what matters stays flat. */
  atLeast?: number;
  className?: string | undefined;
};

/** A line without axes, 62x24, its last value as a dot; decorative, the figure stands beside it. */
export function Sparkline({ points, atLeast = 1e-9, className }: SparklineProps) {
  const known = points.filter((point): point is [number, number] => point[1] !== null);
  const first = points[0]?.[0];
  const last = points.at(-1)?.[0];
  if (first === undefined || last === undefined || known.length < 2) return null;
  const top = Math.max(...known.map(([, value]) => value), atLeast);
  const x = (at: number) => (last === first ? 0 : ((at - first) / (last - first)) * 58 + 1);
  const y = (value: number) => 22 - (value / top) * 19;
  let path = '';
  let broken = true;
  for (const [at, value] of points) {
    if (value === null) {
      broken = true;
      continue;
    }
    path += `${broken ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    broken = false;
  }
  const end = known.at(-1);
  return (
    <svg viewBox="0 0 62 24" aria-hidden="true" className={cx('h-6 w-15.5 text-text-3', className)}>
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.2" strokeLinejoin="round" />
      {end ? <circle cx={x(end[0])} cy={y(end[1])} r="2" fill="currentColor" /> : null}
    </svg>
  );
}
