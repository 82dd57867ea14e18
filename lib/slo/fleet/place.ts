import type { Slo } from '@/lib/config/slo';
import { mapReading, missing, type Reading, readingValue } from '@/lib/core/reading';
import type { Point } from '@/lib/service/contract';
import { budgetLeft } from '../math/budget';
import { burnRate, burnRules, type JudgedRule, judgeRule } from '../math/burn';
import type { Tally } from '../math/counts';
import { objectiveOf } from '../math/objective';
import { windowSeconds } from '../math/window';
import { readingOfKnown } from './age';
import type { FleetState, Known, MeasuredGroup } from './state';
import { joinGroups, tallyBetween } from './tallies';

/** The budget of a service in one region, as its rows show it: from the same buckets as the SLO page. */
export type PlaceBudget = {
  slo: Slo | null;
  budgetLeft: Reading<number>;
  burn1h: Reading<number>;
  /** Judged now; null where nothing new is known, or where there is no objective. */
  pairs: JudgedRule[] | null;
  /** Burn rate of the last 6 h in 5-min steps. */
  strip: Reading<Point[]>;
};

const noSlo = missing('not-configured', 'This service has no objective in the configuration.');
const noRequests = missing('no-series', 'No requests were counted, so there is no budget to show.');
const [step, steps] = [300, 72];

/** What could not be computed for want of traffic is no series; it is neither 0 nor 100 %. */
const present = (reading: Reading<number | null>): Reading<number> =>
  reading.state === 'missing' || reading.value !== null
    ? mapReading(reading, (value) => value ?? 0)
    : noRequests;

/** The groups of a region; all of them where the objective does not tell regions apart. */
export function groupsOfRegion(
  groups: readonly MeasuredGroup[],
  label: string,
  region: string,
): MeasuredGroup[] {
  const own = groups.filter(({ labels }) => labels[label] === region);
  return groups.some(({ labels }) => label in labels) ? own : [...groups];
}

function stripOf(state: FleetState, known: Known, groups: readonly MeasuredGroup[]): Point[] {
  const objective = objectiveOf(known.slo.objective);
  const recorded = groups.flatMap(({ groupId }) => state.recent.get(groupId) ?? []);
  const last = Math.floor(known.to / step) * step;
  return Array.from({ length: steps }, (_, index): Point => {
    const end = last - (steps - 1 - index) * step;
    const tally = joinGroups(
      recorded.map((one) => tallyBetween(one, end - step, end)),
      step,
    );
    return [end, burnRate(tally, objective)];
  });
}

/** The budget of the first objective of a service in a region. `label` is the service's label of regions. */
export function budgetOfPlace(
  state: FleetState,
  place: { service: string; region: string; label: string },
  now: number,
): PlaceBudget {
  const known = state.known.find(({ slo }) => slo.service === place.service);
  if (known === undefined) return { slo: null, budgetLeft: noSlo, burn1h: noSlo, pairs: null, strip: noSlo };
  const { slo, to } = known;
  const objective = objectiveOf(slo.objective);
  const groups = groupsOfRegion(known.groups, place.label, place.region);
  const join = (of: (group: MeasuredGroup) => Tally, expected: number) =>
    joinGroups(groups.map(of), expected);
  const window = join(({ measured }) => measured.window, to - known.bounds.from);
  const span = (seconds: number) => join(({ measured }) => measured.span(seconds), seconds);
  const reading = <T>(value: T) => readingOfKnown(known, state, now, value);
  const { counts } = window;
  const left = counts === null || window.invalid > 0 ? null : budgetLeft(counts, objective);
  const judged = reading(
    burnRules(objective, windowSeconds(slo.window, to)).map((rule) =>
      judgeRule(rule, span, objective, slo.minFailures),
    ),
  );
  return {
    slo,
    budgetLeft: present(reading(left)),
    burn1h: present(reading(burnRate(span(3600), objective))),
    // An alert of old counts says nothing about now.
    pairs: judged.state === 'fresh' ? readingValue(judged) : null,
    strip: reading(stripOf(state, known, groups)),
  };
}
