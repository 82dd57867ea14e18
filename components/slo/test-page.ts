import type { LedgerLine, LedgerView } from '@/lib/slo/ledger/contract';
import { causes } from '@/lib/slo/ledger/model';
import type { JudgedRule, Marker, SloData, SloMode, SloPage } from '@/lib/slo/page/contract';
import { iso, nowUnix, testNumbers, testRow, testRowNumbers } from './test-slo';

const day = 86_400;
const from = nowUnix - 30 * day;
type Pair = [number, number | null];

const how = (name: string) => ({
  formula: `${name} in words`,
  filled: `${name} with its numbers`,
  queries: [`sum(increase(${name}[30d]))`],
  notes: [],
});

/** Thirty daily points from full to `left`, and a forecast of ten days. */
export function testMode(left = 0.6, other: Partial<SloMode> = {}): SloMode {
  const budget = Array.from(
    { length: 31 },
    (_, index): Pair => [from + index * day, 1 - ((1 - left) * index) / 30],
  );
  const line = (slope: number) =>
    Array.from({ length: 11 }, (_, index): Pair => [nowUnix + index * day, left - slope * index]);
  return {
    label: 'Fixed: the last 30 d',
    from,
    to: nowUnix,
    end: nowUnix + 10 * day,
    numbers: testNumbers('ok', { budgetLeft: left }),
    budget,
    stepSeconds: day,
    ideal: [
      [from, 1],
      [nowUnix, 0],
    ],
    forecast: { soonest: line(0.2), likely: line(0.06), latest: line(0.02) },
    paces: [],
    soonest: { kind: 'in', seconds: 3 * day },
    latest: { kind: 'never' },
    projection: null,
    how: {
      sli: how('sli'),
      budget: how('budget'),
      burn: how('burn'),
      exhaustion: how('exhaustion'),
      'last-change': how('change'),
    },
    ...other,
  };
}

export const testRule = (id: string, other: Partial<JudgedRule> = {}): JudgedRule => ({
  id,
  severity: 'page',
  words: '1 h and 5 min above 14.4×',
  longSeconds: 3600,
  shortSeconds: 300,
  factor: 14.4,
  spent: 0.02,
  long: 0.5,
  short: 0.2,
  failures: 12,
  word: 'acceptable',
  firing: false,
  isHeldBack: false,
  minimumEvents: 139,
  secondsToFire: 26,
  problem: null,
  ...other,
});

const hours = Array.from({ length: 31 }, (_, index) => from + index * day);

export function testData(mode: SloMode = testMode(), other: Partial<SloData> = {}): SloData {
  return {
    fixed: mode,
    rolling: { ...mode, label: 'Rolling: 30 d', ideal: null },
    burn: hours.map((at, index): Pair => [at, index % 7 === 3 ? 16 : 0.4]),
    rate: hours.map((at, index): Pair => [at, 80 + (index % 5)]),
    pairs: [
      testRule('page-1h'),
      testRule('page-6h', { longSeconds: 21_600, shortSeconds: 1800, factor: 6, spent: 0.05 }),
      testRule('ticket-1d', {
        severity: 'ticket',
        longSeconds: day,
        shortSeconds: 7200,
        factor: 3,
        spent: 0.1,
      }),
      testRule('ticket-3d', {
        severity: 'ticket',
        longSeconds: 3 * day,
        shortSeconds: 21_600,
        factor: 1,
        spent: 0.1,
      }),
    ],
    guides: [
      testRule('guide-1h', { words: 'below 99 % over 1 h', shortSeconds: null, short: null, factor: 20 }),
      testRule('guide-4h', {
        severity: 'ticket',
        words: 'below 99.9 % over 4 h',
        longSeconds: 14_400,
        shortSeconds: null,
        short: null,
        factor: 2,
      }),
    ],
    minFailures: 1,
    counted: { words: 'Counted from raw samples.', shares: [{ method: 'counted', share: 1 }] },
    invalid: [],
    ...other,
  };
}

export const testMarker = (
  id: string,
  cause: Marker['cause'],
  at: number,
  other: Partial<Marker> = {},
): Marker => ({
  id,
  cause,
  title: `${cause} ${id}`,
  regions: null,
  from: at,
  to: at + 7200,
  href: null,
  ...other,
});

const cost = (failed: number) => ({ failed, share: failed / 1000, outageSeconds: failed * 1.296 });

export const testLine = (id: string, failed: number, other: Partial<LedgerLine> = {}): LedgerLine => ({
  id,
  cause: 'change',
  title: `Line ${id}`,
  by: 'Marek',
  at: iso(nowUnix - day),
  regions: ['us-east-1'],
  from: iso(nowUnix - day),
  to: iso(nowUnix - day + 3600),
  end: 'horizon',
  gross: cost(failed + 5),
  net: cost(failed),
  low: cost(failed * 0.8),
  high: cost(failed * 1.2),
  slices: null,
  requests: 5000,
  coverage: 1,
  background: null,
  sharedWith: [],
  beganInOutage: false,
  isGross: false,
  change: null,
  link: null,
  note: null,
  ...other,
});

/** `spent` failures in all: what the lines do not pay for is unexplained. */
export function testLedger(lines: LedgerLine[], spent: number, other: Partial<LedgerView> = {}): LedgerView {
  const unexplained = spent - lines.reduce((sum, { net }) => sum + net.failed, 0);
  return {
    slo: 'api-availability',
    environment: 'production',
    from: iso(from),
    to: iso(nowUnix),
    requests: 2_000_000,
    budgetFailures: 1000,
    budgetSeconds: 1296,
    coverage: 1,
    spent: cost(spent),
    unexplained: cost(unexplained),
    slices: null,
    byCause: causes.map((cause) => ({
      cause,
      cost: cost(
        cause === 'unexplained'
          ? unexplained
          : lines.filter((line) => line.cause === cause).reduce((sum, { net }) => sum + net.failed, 0),
      ),
    })),
    lines,
    voided: [],
    exclusions: { applied: true, excludedSeconds: 0, rows: [], maintenance: 'counts' },
    horizonHours: 4,
    method: 'Failures above those that would have come anyway.',
    mayAdd: false,
    mayExclude: false,
    ...other,
  };
}

export function testPage(data: SloData = testData(), other: Partial<SloPage> = {}): SloPage {
  return {
    group: null,
    row: testRow('api-availability', 'healthy', testRowNumbers()),
    sentence: { word: 'healthy', lead: 'All is well.', rest: 'Nothing burns.' },
    definition: {
      words: '99.95 % of requests answer.',
      indicator: 'Requests that failed, of all requests.',
      method: 'By requests.',
      window: '30 days, rolling.',
      grouping: 'By region.',
      description: null,
      queries: [{ role: 'total', promql: 'sum(http_requests_total)' }],
      hash: 'abcdef12',
      since: iso(from),
    },
    earlier: [],
    data: { state: 'fresh', value: data, observedAt: iso(nowUnix) },
    exclusions: { applied: true, seconds: 0, count: 0 },
    markers: [],
    ledger: testLedger([], 400),
    gaps: [],
    freshness: { state: 'fresh', recordedUntil: iso(nowUnix), sentence: null },
    ...other,
  };
}
