import type { Config } from '@/lib/config/schema';
import type { Slo } from '@/lib/config/slo';
import { timeSlices } from '@/lib/config/slo';
import { formatDuration } from '@/lib/core/duration';
import { serviceOf } from '@/lib/service/placements';
import type { FleetRow, Freshness, LastChange, Sparkline } from '../contract';
import { budgetLeft } from '../math/budget';
import { between } from '../math/cumulative';
import type { Objective } from '../math/objective';
import { windowSeconds } from '../math/window';
import type { SloWord } from '../math/word';
import { freshnessOf, progressOf, readingOfKnown } from './age';
import { judgeSlo, rowNumbersOf } from './figures';
import { type Kept, keptOf } from './kept';
import { byUrgency } from './order';
import type { FleetState, Known, Measured } from './state';

const hour = 3600;
const sparkPoints = 60;

export const windowWords = ({ window }: Pick<Slo, 'window'>): string =>
  window.kind === 'rolling' ? formatDuration(window.seconds) : `calendar ${window.unit}, ${window.zone}`;

/** Budget left over the window so far, weighed against all of its events: it starts full and only falls. */
export function sparklineOf(kept: Kept, objective: Objective): Sparkline | null {
  const { sums, bounds, shift } = kept;
  const whole = between(sums, bounds.from, bounds.to);
  if (whole.counts === null || whole.counts.total <= 0 || whole.invalid > 0) return null;
  const { total } = whole.counts;
  const step = Math.max(1, Math.ceil((bounds.to - bounds.from) / hour / sparkPoints)) * hour;
  const values: (number | null)[] = [];
  for (let end = bounds.to; end > bounds.from; end -= step) {
    const part = between(sums, Math.max(bounds.from, end - step), end);
    const bad = between(sums, bounds.from, end).counts?.bad ?? 0;
    const left = part.known === 0 ? null : budgetLeft({ good: total - bad, bad, total }, objective);
    values.push(left === null ? null : Number(left.toPrecision(4)));
  }
  values.reverse();
  return { from: bounds.to - step * (values.length - 1) + shift, step, values };
}

const sparklines = new WeakMap<Measured, Sparkline | null>();

/** Worked out once for each reading. Null while the hours of the past are being read. */
function sparklineOfKnown(known: Known): Sparkline | null {
  const before = sparklines.get(known.whole);
  if (before !== undefined) return before;
  const { kept, objective } = judgeSlo(known, known.whole);
  const past = kept === null ? known.whole.past() : null;
  const window =
    kept ?? (past === null ? null : keptOf(past, known.to, Math.max(hour, known.to - known.bounds.from)));
  const line = window === null ? null : sparklineOf(window, objective);
  sparklines.set(known.whole, line);
  return line;
}

/** Works out what rows need, a few at a time, so that nobody who asks meanwhile has to wait for all of them. */
export async function warmRows(known: readonly Known[], pause: () => Promise<void>): Promise<void> {
  for (const one of known) {
    sparklineOfKnown(one);
    for (const { measured } of one.groups) judgeSlo(one, measured);
    await pause();
  }
}

export type RowParts = { state: FleetState; now: number; lastChange: LastChange | null };

/** An objective as the list shows it. Pure: nobody is asked. */
export function fleetRow(config: Config, known: Known, parts: RowParts): FleetRow {
  const { slo, to, bounds } = known;
  const service = serviceOf(config, slo.service);
  const judged = judgeSlo(known, known.whole);
  const slices = timeSlices(slo);
  const numbers = readingOfKnown(known, parts.state, parts.now, rowNumbersOf(judged));
  return {
    id: slo.id,
    name: slo.name,
    service: slo.service,
    serviceName: service.name,
    owner: service.owner,
    environment: parts.state.environment,
    objective: slo.objective,
    window: {
      kind: slo.window.kind,
      words: windowWords(slo),
      seconds: windowSeconds(slo.window, to),
      ...bounds,
    },
    unit: slices === null ? 'events' : 'slices',
    sliceSeconds: slices?.seconds ?? null,
    // What nobody counts any more is not healthy because it was.
    word: numbers.state === 'fresh' ? judged.word : stalest(judged.word),
    numbers,
    groups: known.groups.map(({ key, labels, measured }) => {
      const one = judgeSlo(known, measured);
      return { key, labels: { ...labels }, word: one.word, numbers: rowNumbersOf(one) };
    }),
    sparkline: sparklineOfKnown(known),
    lastChange: parts.lastChange,
    progress: progressOf(known.progress),
  };
}

const stalest = (word: SloWord): SloWord => (word === 'invalid' ? word : 'no-data');

export function countWords(rows: readonly FleetRow[]): Record<SloWord, number> {
  const count = (word: SloWord) => rows.filter((row) => row.word === word).length;
  return {
    invalid: count('invalid'),
    'no-data': count('no-data'),
    'burning-fast': count('burning-fast'),
    'burning-slow': count('burning-slow'),
    exhausted: count('exhausted'),
    recovering: count('recovering'),
    partial: count('partial'),
    'no-traffic': count('no-traffic'),
    healthy: count('healthy'),
  };
}

/** Every objective of an environment with all that is known of it. */
export type FleetRows = {
  environment: string;
  at: string;
  counts: Record<SloWord, number>;
  rows: FleetRow[];
  freshness: Freshness;
};

/** The objectives of an environment, worst first. */
export function fleetOf(
  config: Config,
  state: FleetState,
  now: number,
  changes: ReadonlyMap<string, LastChange>,
): FleetRows {
  const rows = state.known.map((known) =>
    fleetRow(config, known, { state, now, lastChange: changes.get(known.slo.id) ?? null }),
  );
  return {
    environment: state.environment,
    at: new Date(now * 1000).toISOString(),
    counts: countWords(rows),
    rows: rows.sort(byUrgency),
    freshness: freshnessOf(state, state.known, now),
  };
}
