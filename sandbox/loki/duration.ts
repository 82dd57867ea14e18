const nanos: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
  w: 604_800e9,
  y: 31_536_000e9,
};

/** Nanoseconds of `1h30m`, `10s`, `250ms`, `-5m`; null when the text is not a duration. Exact below 104 days. */
export function durationNs(text: string): number | null {
  const match = /^(-?)((?:\d+(?:\.\d+)?(?:ns|us|µs|ms|[smhdwy]))+)$/.exec(text);
  if (match?.[2] === undefined) return text === '0' ? 0 : null;
  let total = 0;
  for (const part of match[2].matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|[smhdwy])/g)) {
    total += Number(part[1]) * (nanos[part[2] ?? ''] ?? Number.NaN);
  }
  return match[1] === '-' ? -total : total;
}

const sizes: Record<string, number> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  t: 1e12,
  tb: 1e12,
  ki: 1024,
  kib: 1024,
  mi: 1024 ** 2,
  mib: 1024 ** 2,
  gi: 1024 ** 3,
  gib: 1024 ** 3,
  ti: 1024 ** 4,
  tib: 1024 ** 4,
};

/** Bytes of `1KB` (1000), `1KiB` (1024), `42B`; null when the text is no size. */
export function byteSize(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([a-zA-Z]*)$/.exec(text.trim());
  const unit = sizes[(match?.[2] ?? '?').toLowerCase()];
  return match === null || unit === undefined ? null : Number(match[1]) * unit;
}

/** A duration as Go prints it: `800h0m0s`, `1m30s`. */
export function goDuration(ms: number): string {
  const seconds = ms / 1000;
  const h = Math.floor(seconds / 3600);
  const m = Math.floor((seconds % 3600) / 60);
  const s = Number((seconds % 60).toFixed(9));
  if (h > 0) return `${h}h${m}m${s}s`;
  return m > 0 ? `${m}m${s}s` : `${s}s`;
}

/** A duration as Prometheus' model prints it: `30d1h`, `1d`, `1w` (weeks and years only when exact). */
export function modelDuration(ms: number): string {
  if (ms === 0) return '0s';
  const units: [string, number, boolean][] = [
    ['y', 31_536_000_000, true],
    ['w', 604_800_000, true],
    ['d', 86_400_000, false],
    ['h', 3_600_000, false],
    ['m', 60_000, false],
    ['s', 1000, false],
    ['ms', 1, false],
  ];
  let rest = ms;
  let text = '';
  for (const [unit, size, exact] of units) {
    if (exact && rest % size !== 0) continue;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}
