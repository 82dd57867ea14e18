import type { Claim } from '../../ledger/claims';
import type { Cause } from '../../ledger/model';
import type { Said } from '../../ledger/read-claims';
import type { Bucket, CountMethod, Counts } from '../../model';
import { type LineInput, lineOf } from '../line';
import { monthBounds } from '../month';

const step = 300;

/** 5-minute buckets over (from, to]; what `at` leaves null is not known. */
export function buckets(
  { from, to }: { from: number; to: number },
  at: (end: number) => Counts | null,
  method: CountMethod = 'counted',
): Bucket[] {
  return Array.from({ length: Math.floor((to - from) / step) }, (_, index) => {
    const end = from + (index + 1) * step;
    const counts = at(end);
    return { end, counts, method: counts === null ? null : method };
  });
}

export const failing = (total: number, bad: number): Counts => ({ good: total - bad, bad, total });

export const said = (cause: Cause, title: string): Said => ({
  cause,
  title,
  by: 'Sam Reyes',
  at: '2026-11-03T10:00:00.000Z',
  change: cause === 'change' ? 'c-12' : null,
  link: null,
  note: null,
});

type Given = Partial<Omit<LineInput, 'month'>> & {
  month: string;
  zone?: string;
  at?: (end: number) => Counts | null;
  claims?: Claim[];
};

/** A line of one group whose 5-minute buckets are `at`, from a day before the month on. */
export function line({ month, zone = 'UTC', at = () => failing(1000, 0), claims = [], ...more }: Given) {
  const bounds = monthBounds(month, zone);
  const span = { from: bounds.from - 86_400, to: bounds.to };
  return lineOf({
    head: {
      objective: 'shop-availability',
      definition: 'abc',
      isEarlier: false,
      name: 'Availability',
      service: 'shop-api',
      serviceName: 'Shop API',
      owner: 'Team Shop',
      target: '99.95',
      unit: 'events',
      sliceSeconds: null,
      zone,
    },
    month: bounds,
    until: bounds.to,
    spans: [bounds],
    groups: [{ runs: [{ size: step, buckets: buckets(span, at) }], claims }],
    slices: null,
    excluded: [],
    exclusions: [],
    said: new Map(),
    minFailures: 1,
    maintenance: 'counts',
    firstSeen: 0,
    retired: null,
    ...more,
  });
}
