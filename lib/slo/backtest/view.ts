import 'server-only';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { type Database, database } from '@/lib/db/client';
import { clockOf } from '../fleet/poll';
import { throughLens } from '../fleet/tallies';
import { burnSpans } from '../math/burn';
import { objectiveOf } from '../math/objective';
import { windowSeconds } from '../math/window';
import { knownAs, knownOf } from '../page/known';
import { readBuckets } from '../record/store';
import { fineFrom } from '../span/bounds';
import type { BacktestQuery, SloBacktest } from './contract';
import {
  burnOverTime,
  type JudgedInput,
  joinBuckets,
  judgedBacktest,
  judgedSeconds,
  rulesOf,
} from './judged';

const down = (time: number): number => Math.floor(time / judgedSeconds) * judgedSeconds;

type Ask = BacktestQuery & { slo: string };
type Kept = { stamp: string; found: Promise<SloBacktest> };

declare global {
  var signalboxBacktests: Map<string, Kept> | undefined;
}

/** Answers kept in memory: a month of moments is judged once for each reading of it, however many look. */
const mostKept = 200;

/**
 * What the burn alerts of an objective would have done over its window, from recorded counts alone. Throws OpsError
 * `not-found`, and `invalid` for a rule that there is not.
 */
export async function backtestView(
  config: Config,
  ask: Ask,
  db: Database = database(),
): Promise<SloBacktest> {
  const found = await knownOf(config, ask);
  globalThis.signalboxBacktests ??= new Map();
  const all = globalThis.signalboxBacktests;
  const key = JSON.stringify([found.environment, ask.slo, ask.exclusions, ask.group, ask.rule]);
  const { stamp } = found.known;
  const before = all.get(key);
  if (before !== undefined && before.stamp === stamp) return before.found;
  const kept: Kept = { stamp, found: tryOut(found, ask, db) };
  all.delete(key);
  all.set(key, kept);
  // What failed is tried again by the next who asks.
  kept.found.catch(() => all.get(key) === kept && all.delete(key));
  const [oldest] = all.keys();
  if (all.size > mostKept && oldest !== undefined) all.delete(oldest);
  return kept.found;
}

async function tryOut(
  { state, known: listed, environment }: Awaited<ReturnType<typeof knownOf>>,
  ask: Ask,
  db: Database,
): Promise<SloBacktest> {
  const now = clockOf(state);
  const known = await knownAs(db, listed, ask, now);
  const { slo, lens, bounds } = known;
  const to = down(known.to);
  const kept = fineFrom(now);
  const window = { from: Math.max(down(bounds.from), kept), to };
  const from = Math.max(kept, window.from - (burnSpans.at(-1) ?? 0));
  const read = await readBuckets(
    db,
    known.groups.map(({ groupId }) => groupId),
    judgedSeconds,
    from,
    to,
  );
  const input: JudgedInput = {
    buckets: joinBuckets(
      [...read.values()].map((buckets) => throughLens({ size: judgedSeconds, buckets }, lens).buckets),
    ),
    window,
    objective: objectiveOf(slo.objective),
    windowSeconds: windowSeconds(slo.window, known.to),
    minFailures: slo.minFailures,
    isExcluded: lens.excluded.length > 0,
    isCut: window.from > bounds.from,
  };
  const rule = ask.rule === undefined ? null : rulesOf(input).find(({ id }) => id === ask.rule);
  if (rule === undefined) {
    throw new OpsError('invalid', `There is no burn rule "${ask.rule}".`, {
      next: `Choose one of: ${rulesOf(input)
        .map(({ id }) => id)
        .join(', ')}.`,
      fields: [{ path: 'rule', message: 'is no burn rule' }],
    });
  }
  return {
    slo: slo.id,
    environment,
    ...judgedBacktest(input),
    series: rule === null ? null : burnOverTime(input, rule),
  };
}
