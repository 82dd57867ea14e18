import type { FleetRow, RowNumbers, SloNumbers } from '@/lib/slo/contract';
import type { SloWord } from '@/lib/slo/math/word';
import type { DataState } from '@/lib/slo/model';

/** 2026-11-21 14:00 UTC. */
export const nowUnix = 1_795_269_600;
const day = 86_400;
export const iso = (unix: number): string => new Date(unix * 1000).toISOString();

const judged: SloNumbers = {
  state: 'ok',
  coverage: 1,
  method: 'counted',
  total: 2_000_000,
  bad: 400,
  sli: 0.9998,
  isMet: true,
  budgetLeft: 0.6,
  allowedFailures: 1000,
  failuresLeft: 600,
  failureCosts: 0.001,
  budgetSeconds: 1296,
  secondsLeft: 777.6,
};

/** The figures that a window in a state has: those that do not exist are null. */
export function testNumbers(state: DataState = 'ok', other: Partial<SloNumbers> = {}): SloNumbers {
  const none = {
    total: null,
    bad: null,
    sli: null,
    isMet: null,
    budgetLeft: null,
    allowedFailures: null,
    failuresLeft: null,
    failureCosts: null,
    secondsLeft: null,
  };
  const by: Record<DataState, Partial<SloNumbers>> = {
    ok: {},
    'no-errors': { bad: 0, sli: 1, budgetLeft: 1, failuresLeft: 1000, secondsLeft: 1296 },
    partial: { coverage: 0.41 },
    'no-traffic': { ...none, total: 0, bad: 0 },
    'no-data': { ...none, coverage: 0, method: null },
    invalid: none,
  };
  return { ...judged, state, ...by[state], ...other };
}

export const testRowNumbers = (state: DataState = 'ok', other: Partial<RowNumbers> = {}): RowNumbers => ({
  ...testNumbers(state),
  burn1h: testNumbers(state).sli === null ? null : 0.5,
  soonest: { kind: testNumbers(state).sli === null ? 'unknown' : 'never' },
  latest: { kind: testNumbers(state).sli === null ? 'unknown' : 'never' },
  ...other,
});

export function testRow(
  id: string,
  word: SloWord = 'healthy',
  numbers: RowNumbers = testRowNumbers(),
  other: Partial<FleetRow> = {},
): FleetRow {
  return {
    id,
    name: `Availability of ${id}`,
    service: 'fraiseql-api',
    serviceName: 'FraiseQL API',
    owner: 'Data platform',
    environment: 'production',
    objective: '99.95',
    window: {
      kind: 'rolling',
      words: '30 d',
      seconds: 30 * day,
      from: nowUnix - 30 * day,
      to: nowUnix,
      end: nowUnix,
    },
    unit: 'events',
    sliceSeconds: null,
    word,
    numbers: { state: 'fresh', value: numbers, observedAt: iso(nowUnix) },
    groups: [],
    sparkline: { from: nowUnix - 30 * day, step: day / 2, values: [1, 0.8, 0.6] },
    lastChange: null,
    progress: null,
    ...other,
  };
}
