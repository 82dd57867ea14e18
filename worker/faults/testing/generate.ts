import type { MessageFault } from './gated-cluster';
import type { Ground } from './ground';
import type { Kind } from './kinds';
import { type Prepared, prepare } from './prepare';
import type { Outcome, Schedule } from './run-schedule';
import { runSchedule } from './run-schedule';
import type { Life } from './schedule';

/** A kind with the points that a run of it passes when nothing goes wrong. */
export type Enumerated = { kind: Kind; prepared: Prepared; points: readonly string[] };

/** Runs a kind once without a fault and notes the names of its points; it must end as it should. */
export async function enumerate(sim: Ground, kind: Kind): Promise<Enumerated> {
  const prepared = await prepare(sim, await kind.ask(sim));
  await sim.reset();
  const points: string[] = [];
  const outcome = await runSchedule(sim, {
    kind,
    prepared,
    lives: [],
    onPoint: (_, name) => points.push(name),
  });
  const wrong = problemsOf({ kind, prepared, lives: [] }, outcome);
  if (wrong.length > 0) throw new Error(`${kind.name} fails without a fault: ${wrong.join(' ')}`);
  return { kind, prepared, points };
}

/** A crash at each point of a run, or at those that `isWanted` takes. */
export const crashes = (
  { kind, prepared, points }: Enumerated,
  isWanted: (index: number, name: string) => boolean = () => true,
): Schedule[] =>
  points.flatMap((name, index) =>
    isWanted(index, name) ? [{ kind, prepared, lives: [{ dieAt: index + 1 }] }] : [],
  );

/** Points at which something has just become so that a crash must not undo or repeat. */
export const isDecisive = (name: string): boolean =>
  /^(after (?!clock)|before cluster (PATCH|POST)|before served act)/.test(name);

/**
 * Points at which something was just left behind in the database or a cluster. All points up to the next one leave the
 * same behind, so that a crash at these is a crash at every point.
 */
export const leavesMark = (name: string): boolean => /^after (database|cluster|served)/.test(name);

const onWrites: readonly MessageFault['action'][] = [
  { kind: 'late', carriedOut: true },
  { kind: 'late', carriedOut: false },
  { kind: 'cut', when: 'after-commit' },
  { kind: 'cut', when: 'before-commit' },
  { kind: 'status', code: 409, reason: 'Conflict' },
  { kind: 'status', code: 500 },
  { kind: 'too-many-requests' },
  { kind: 'duplicate' },
];
const onReads: readonly MessageFault['action'][] = [
  { kind: 'late', carriedOut: true },
  { kind: 'cut', when: 'before-commit' },
  { kind: 'status', code: 500 },
  { kind: 'too-many-requests' },
];

/** Up to three crashes or stops, faults of messages, and now and then an order of a person. */
export function randomSchedule(random: () => number, all: readonly Enumerated[]): Schedule {
  const below = (n: number) => Math.floor(random() * n);
  const oneOf = <T>(list: readonly T[]): T => {
    const found = list[below(list.length)];
    if (found === undefined) throw new Error('There is nothing to choose from.');
    return found;
  };
  const { kind, prepared, points } = oneOf(all);
  const life = (): Life => {
    const at = 1 + below(points.length);
    const faults = Array.from({ length: below(3) }, () => {
      const on = random() < 0.6 ? ('write' as const) : ('read' as const);
      return on === 'write'
        ? { on, n: 1 + below(2), action: oneOf(onWrites) }
        : { on, n: 1 + below(20), action: oneOf(onReads) };
    });
    return random() < 0.3 ? { stopAt: at, faults } : { dieAt: at, faults };
  };
  const lives = Array.from({ length: 1 + below(3) }, life);
  const order = random() < 0.3 ? oneOf(['abort', 'pause'] as const) : null;
  // At any moment of it, also late: what is to be taken back is more then.
  const pauses = points.filter((name) => name === 'after clock pause').length;
  const pause = 1 + below(Math.max(4, pauses));
  return { kind, prepared, lives, ...(order === null ? {} : { orders: [{ pause, order }] }) };
}

/** What is wrong with how a schedule ended, for people. */
export function problemsOf(schedule: Schedule, outcome: Outcome): string[] {
  const { kind, orders = [] } = schedule;
  const isOrdered = orders.length > 0 || schedule.whileStanding !== undefined;
  const broken = outcome.violations.map(({ invariant, what }) => `${invariant}: ${what}`);
  const states: string[] = [kind.state];
  if (outcome.lives.length > 1) states.push(...(kind.states ?? []));
  if (isOrdered) states.push('BackedOut', 'Cancelled');
  const state = states.includes(outcome.state) ? [] : [`It ended as ${outcome.state}.`];
  const writes =
    isOrdered || outcome.writes === kind.writes
      ? []
      : [`${outcome.writes} writes were carried out, not ${kind.writes}.`];
  return [...broken, ...state, ...writes];
}

/** A schedule in a line, so that it can be run again. */
export const tellSchedule = ({ kind, lives, orders = [] }: Schedule): string =>
  `${kind.name} ${JSON.stringify(lives)}${orders.length === 0 ? '' : ` ${JSON.stringify(orders)}`}`;

export type Tally = { run: number; crashed: number; wrong: string[] };

/**
 * Runs schedules one after another until all are over, ten went wrong, or `isOver` says that nobody waits for them any
 * more; `crashed` counts the deaths and stops that really happened.
 */
export async function runAll(
  sim: Ground,
  schedules: Iterable<Schedule>,
  isOver: () => boolean = () => false,
): Promise<Tally> {
  const tally: Tally = { run: 0, crashed: 0, wrong: [] };
  for (const schedule of schedules) {
    if (isOver()) throw new Error(`The test ended after ${tally.run} of its schedules.`);
    const outcome = await runSchedule(sim, schedule).catch((error: unknown) => ({ error }));
    tally.run += 1;
    if ('error' in outcome)
      tally.wrong.push(`${tellSchedule(schedule)}: broke off with ${String(outcome.error)}`);
    else {
      tally.crashed += outcome.lives.filter(({ at }) => at !== null).length;
      const problems = problemsOf(schedule, outcome);
      const ends = outcome.lives.map(({ end, at, error }) => `${end} at ${at} ${String(error)}`).join(', ');
      if (problems.length > 0) tally.wrong.push(`${tellSchedule(schedule)}: ${problems.join(' ')} (${ends})`);
    }
    if (tally.wrong.length >= 10) break;
  }
  return tally;
}
