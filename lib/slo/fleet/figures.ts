import type { RowNumbers, SloNumbers } from '../contract';
import { type Figures, figuresOf } from '../math/budget';
import { burnRate, burnRules, guideRules, type JudgedRule, judgeRule } from '../math/burn';
import type { Tally } from '../math/counts';
import {
  type Exhaustion,
  exhaustionRange,
  forecastSpans,
  type Projection,
  projectPeriod,
  rateOf,
} from '../math/forecast';
import { type Objective, objectiveOf } from '../math/objective';
import { dataStateOf } from '../math/state';
import { windowSeconds } from '../math/window';
import { type SloWord, sloWordOf } from '../math/word';
import { type Kept, keptOf, type Paced, rollingPaces } from './kept';
import type { Known, Measured } from './state';

export type Forecast = { paces: Paced[]; soonest: Exhaustion; latest: Exhaustion };

/** Everything that is judged about an objective or a group of it. */
export type Judged = {
  objective: Objective;
  figures: Figures;
  pairs: JudgedRule[];
  guides: JudgedRule[];
  burn1h: number | null;
  forecast: Forecast;
  /** Null for a calendar window. */
  kept: Kept | null;
  projection: Projection | null;
  word: SloWord;
};

/** In a calendar period nothing rolls off: the paces are carried on to its end. */
function calendarForecast(
  { bounds }: Pick<Known, 'bounds'>,
  measured: Measured,
  objective: Objective,
): { forecast: Forecast; projection: Projection | null } {
  const project = (tally: Tally) => projectPeriod(measured.window, bounds, objective, rateOf(tally, 1));
  const paces = forecastSpans.map((spanSeconds): Paced => {
    const tally = measured.span(spanSeconds);
    return {
      spanSeconds,
      burn: burnRate(tally, objective),
      exhaustion: project(tally)?.exhaustion ?? { kind: 'unknown' },
    };
  });
  return {
    forecast: { paces, ...exhaustionRange(paces.map(({ exhaustion }) => exhaustion)) },
    projection: project(measured.span(6 * 3600)),
  };
}

function rollingForecast(known: Pick<Known, 'slo' | 'to'>, measured: Measured, objective: Objective) {
  const past = measured.past();
  if (past === null) return null;
  const kept = keptOf(past, known.to, windowSeconds(known.slo.window, known.to));
  const forecast = rollingPaces(kept, measured.window, measured.span, objective, (tally) =>
    burnRate(tally, objective),
  );
  return { kept, forecast };
}

const judgements = new WeakMap<Measured, Judged>();

/** Judges an objective, or one of its groups by itself, from what is recorded; once for each reading of it. */
export function judgeSlo(known: Pick<Known, 'slo' | 'to' | 'bounds'>, measured: Measured): Judged {
  const before = judgements.get(measured);
  if (before !== undefined) return before;
  const judged = judge(known, measured);
  judgements.set(measured, judged);
  return judged;
}

function judge(known: Pick<Known, 'slo' | 'to' | 'bounds'>, measured: Measured): Judged {
  const { slo, to } = known;
  const objective = objectiveOf(slo.objective);
  const seconds = windowSeconds(slo.window, to);
  const figures = figuresOf(measured.window, objective, seconds);
  const judged = (rules: typeof burnRules) =>
    rules(objective, seconds).map((rule) => judgeRule(rule, measured.span, objective, slo.minFailures));
  const pairs = judged(burnRules);
  const rolling = slo.window.kind === 'rolling' ? rollingForecast(known, measured, objective) : null;
  const calendar = slo.window.kind === 'calendar' ? calendarForecast(known, measured, objective) : null;
  const none: Forecast = { paces: [], soonest: { kind: 'unknown' }, latest: { kind: 'unknown' } };
  return {
    objective,
    figures,
    pairs,
    guides: judged(guideRules),
    burn1h: burnRate(measured.span(3600), objective),
    forecast: rolling?.forecast ?? calendar?.forecast ?? none,
    kept: rolling?.kept ?? null,
    projection: calendar?.projection ?? null,
    word: sloWordOf({ recent: dataStateOf(measured.span(3600)), figures, pairs }),
  };
}

export function numbersOf(figures: Figures): SloNumbers {
  const { counts, ...rest } = figures;
  return { ...rest, total: counts?.total ?? null, bad: counts?.bad ?? null };
}

export const rowNumbersOf = ({ figures, burn1h, forecast }: Judged): RowNumbers => ({
  ...numbersOf(figures),
  burn1h,
  soonest: forecast.soonest,
  latest: forecast.latest,
});
