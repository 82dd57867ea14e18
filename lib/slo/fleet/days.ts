import { spentShare } from '../math/budget';
import { objectiveOf } from '../math/objective';
import type { FleetDays } from './contract';
import { tailFrom } from './measured';
import type { FleetState, Known, Measured } from './state';

const [hour, day] = [3600, 86_400];
/** A quarter and a day: more columns than these say nothing more. */
const mostDays = 93;

/** What each UTC day of a window spent of its budget, by the number of the day since 1970; null: nothing is known. */
type Spent = ReadonlyMap<number, number | null>;

const spentOf = new WeakMap<Measured, Spent>();

/**
 * What each UTC day spent of the budget of the window; together they are all that is spent. Events of the hour that
 * is not settled yet belong to the day it began in. Null while the hours of the past are being read, and where there
 * is no budget to spend: no events, or counts that contradict themselves.
 */
export function spentByDay({ slo, whole, to }: Pick<Known, 'slo' | 'whole' | 'to'>): Spent | null {
  const before = spentOf.get(whole);
  if (before !== undefined) return before;
  const past = whole.past();
  const total = whole.window.counts?.total ?? 0;
  if (past === null || total <= 0 || whole.window.invalid > 0) return null;
  const objective = objectiveOf(slo.objective);
  const bad = new Map<number, number | null>();
  const add = (start: number, counts: { bad: number } | null) => {
    const index = Math.floor(start / day);
    const sum = bad.get(index) ?? null;
    bad.set(index, counts === null || !Number.isFinite(counts.bad) ? sum : (sum ?? 0) + counts.bad);
  };
  for (const { end, counts } of past.hours) add(end - hour, counts);
  add(tailFrom(to), past.tail.counts);
  const spent = new Map(
    [...bad].map(([index, failed]) => [index, failed === null ? null : spentShare(failed, objective, total)]),
  );
  spentOf.set(whole, spent);
  return spent;
}

const dateOf = (index: number): string => new Date(index * day * 1000).toISOString().slice(0, 10);

/** The days of all objectives of an environment, a few objectives at a time, so that others are answered meanwhile. */
export async function fleetDays(state: FleetState, pause: () => Promise<void>): Promise<FleetDays> {
  const all: { id: string; spent: Spent | null }[] = [];
  for (const known of state.known) {
    all.push({ id: known.slo.id, spent: spentByDay(known) });
    await pause();
  }
  const indexes = all.flatMap(({ spent }) => [...(spent?.keys() ?? [])]);
  const today = Math.floor(Math.max(...state.known.map(({ to }) => to), 0) / day);
  const first = Math.max(
    today - mostDays + 1,
    indexes.reduce((least, one) => Math.min(least, one), today),
  );
  const days = state.known.length === 0 ? [] : Array.from({ length: today - first + 1 }, (_, n) => first + n);
  const digits = (value: number | null | undefined) => (value == null ? null : Number(value.toPrecision(4)));
  return {
    environment: state.environment,
    days: days.map(dateOf),
    rows: all.map(({ id, spent }) => ({
      id,
      spent: spent === null ? null : days.map((index) => digits(spent.get(index))),
    })),
  };
}
