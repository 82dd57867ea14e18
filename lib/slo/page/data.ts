import { timeSlices } from '@/lib/config/slo';
import { formatDuration } from '@/lib/core/duration';
import type { Point } from '@/lib/service/contract';
import type { LastChange } from '../contract';
import { type Judged, numbersOf } from '../fleet/figures';
import { windowWords } from '../fleet/row';
import type { Known } from '../fleet/state';
import { joinGroups, methodSeconds, type Recorded } from '../fleet/tallies';
import { figuresOf } from '../math/budget';
import { type JudgedRule as MathRule, minimumEvents, ruleProblem, secondsToFire } from '../math/burn';
import { forecastSpans, rateOf } from '../math/forecast';
import type { Objective } from '../math/objective';
import { idealLine } from '../math/series';
import { periodName, windowSeconds } from '../math/window';
import { type CountMethod, countMethods } from '../model';
import type { JudgedRule, SloData, SloMode } from './contract';
import { howOf } from './how';
import {
  burnOf,
  calendarFan,
  fixedLine,
  type PacedRate,
  rateOfStep,
  rollingFan,
  rollingLine,
  type Step,
  stepLine,
  stepOf,
  stepsOf,
  type TallyOf,
  tallyOfAll,
} from './series';
import { countedWords, percent, times } from './words';

/** What a page is drawn from. `recorded` holds the groups over two windows, so that the rolling line begins full. */
export type DataInput = {
  known: Known;
  judged: Judged;
  recorded: readonly Recorded[];
  lastChange: LastChange | null;
  queries: readonly string[];
  invalid: SloData['invalid'];
};

type Parts = DataInput & {
  tally: TallyOf;
  seconds: number;
  step: number;
  steps: Step[];
  rates: PacedRate[];
  counted: SloData['counted'];
};

export function countedOf({ known, recorded, judged }: DataInput): SloData['counted'] {
  const { from, to } = known.bounds;
  const sums = new Map<CountMethod, number>();
  for (const one of recorded) {
    for (const [method, seconds] of methodSeconds(one, from, to)) {
      sums.set(method, (sums.get(method) ?? 0) + seconds / recorded.length);
    }
  }
  const shares = countMethods.flatMap((method) => {
    const seconds = sums.get(method);
    return seconds === undefined ? [] : [{ method, share: Math.min(1, seconds / (to - from)) }];
  });
  return { words: countedWords(shares, judged.figures.coverage), shares };
}

/** How far ahead a rolling forecast is drawn: a quarter of its window. */
const reach = (seconds: number): number => Math.ceil(seconds / 4 / 3600) * 3600;

function howFor(parts: Parts, figures: Judged['figures'], paces: SloMode['paces']): SloMode['how'] {
  const { known, judged } = parts;
  return howOf({
    unit: timeSlices(known.slo) === null ? 'events' : 'slices',
    judged,
    figures,
    windowSeconds: parts.seconds,
    isCalendar: known.slo.window.kind === 'calendar',
    hour: known.whole.span(3600),
    paces,
    lastChange: parts.lastChange,
    queries: parts.queries,
    counted: parts.counted.words,
  });
}

function fixedMode(parts: Parts): SloMode {
  const { known, judged, tally, step, seconds } = parts;
  const { bounds, slo } = known;
  const isCalendar = slo.window.kind === 'calendar';
  const fan =
    judged.kept === null
      ? calendarFan(known.whole.window, bounds, judged.objective, parts.rates)
      : rollingFan(judged.kept, judged.objective, parts.rates, reach(seconds));
  const { paces, soonest, latest } = judged.forecast;
  const budget = fixedLine(parts.steps, tally(bounds.from, bounds.to), judged.objective);
  return {
    label:
      slo.window.kind === 'calendar'
        ? periodName(slo.window.unit, slo.window.zone, bounds.to)
        : `Last ${windowWords(slo)}`,
    from: bounds.from,
    to: bounds.to,
    end: isCalendar ? bounds.end : bounds.to + reach(seconds),
    numbers: numbersOf(judged.figures),
    budget: withEnd(budget, judged.figures.budgetLeft),
    stepSeconds: step,
    ideal: idealLine({ from: bounds.from, to: bounds.end }),
    forecast: fan,
    paces,
    soonest,
    latest,
    projection: judged.projection,
    how: howFor(parts, judged.figures, paces),
  };
}

/** The last point is the figure of the tile, whatever the last step was worth by itself. */
const withEnd = (line: Point[], value: number | null): Point[] =>
  line.map((point, index) => (index === line.length - 1 ? [point[0], value] : point));

function rollingMode(parts: Parts): SloMode {
  const { known, judged, tally, step, seconds } = parts;
  const { to } = known.bounds;
  const bounds = { from: to - seconds, to };
  const isCalendar = known.slo.window.kind === 'calendar';
  const figures = isCalendar ? figuresOf(tally(bounds.from, to), judged.objective, seconds) : judged.figures;
  const budget = rollingLine(tally, bounds, { step, windowSeconds: seconds }, judged.objective);
  const fixed = isCalendar ? null : judged;
  const fan =
    fixed?.kept == null ? null : rollingFan(fixed.kept, judged.objective, parts.rates, reach(seconds));
  const unknown = { kind: 'unknown' } as const;
  return {
    label: `Rolling ${formatDuration(seconds)}`,
    from: bounds.from,
    to,
    end: to + (fan === null ? 0 : reach(seconds)),
    numbers: numbersOf(figures),
    budget: withEnd(budget, figures.budgetLeft),
    stepSeconds: step,
    ideal: null,
    forecast: fan,
    paces: fixed?.forecast.paces ?? [],
    soonest: fixed?.forecast.soonest ?? unknown,
    latest: fixed?.forecast.latest ?? unknown,
    projection: null,
    how: howFor(parts, figures, fixed?.forecast.paces ?? []),
  };
}

/** A rule of SLO-03 says its threshold as a ratio; the pairs say theirs as a burn. */
function ruleWords(
  { id, longSeconds, shortSeconds, factor }: MathRule['rule'],
  objective: Objective,
): string {
  const long = formatDuration(longSeconds);
  if (id.startsWith('guide-')) return `below ${percent(1 - factor * objective.budget, 1)} over ${long}`;
  const spans = shortSeconds === null ? long : `${long} and ${formatDuration(shortSeconds)}`;
  return `${spans} above ${times(factor)}`;
}

export function ruleOf({ rule, ...judged }: MathRule, objective: Objective): JudgedRule {
  return {
    id: rule.id,
    severity: rule.severity,
    words: ruleWords(rule, objective),
    longSeconds: rule.longSeconds,
    shortSeconds: rule.shortSeconds,
    factor: rule.factor,
    spent: rule.spent,
    ...judged,
    minimumEvents: minimumEvents(rule.factor, objective),
    secondsToFire: secondsToFire(rule, objective),
    problem: ruleProblem(rule, objective),
  };
}

/** Everything a page draws. Pure. */
export function sloDataOf(input: DataInput): SloData {
  const { known, judged } = input;
  const { to, bounds, slo } = known;
  const seconds = windowSeconds(slo.window, to);
  const rates = forecastSpans.flatMap((spanSeconds): PacedRate[] => {
    const rate = rateOf(known.whole.span(spanSeconds), 1);
    return rate === null ? [] : [{ spanSeconds, rate }];
  });
  const tally = tallyOfAll(input.recorded, joinGroups);
  const step = stepOf(seconds);
  const steps = stepsOf(tally, bounds, step);
  const parts: Parts = { ...input, tally, seconds, step, steps, rates, counted: countedOf(input) };
  return {
    fixed: fixedMode(parts),
    rolling: rollingMode(parts),
    burn: stepLine(steps, burnOf(judged.objective)),
    rate: stepLine(steps, rateOfStep),
    pairs: judged.pairs.map((pair) => ruleOf(pair, judged.objective)),
    guides: judged.guides.map((rule) => ruleOf(rule, judged.objective)),
    minFailures: slo.minFailures,
    counted: parts.counted,
    invalid: input.invalid,
  };
}
