import { dayName, localDays, monthName, monthOf, weekName, weekOf } from './calendar';
import {
  type CalendarRule,
  countedLevel,
  type KeptBy,
  type LeavesFor,
  lastVerified,
  type PassedOver,
  type RetainedCopy,
  type RetentionPolicy,
  type Verdict,
} from './model';

/** A rule of the calendar: into which bucket it puts a day, and what the bucket is called. */
type Rule = {
  rule: CalendarRule;
  count: number;
  of: (day: number) => number;
  name: (bucket: number) => string;
};
/** Ten years of hours are many: copies are told apart by their place in the sorted list, and days are plain numbers. */
type Calendar = {
  copies: readonly RetainedCopy[];
  /** Places of the copies that count, newest first. */
  counted: readonly number[];
  /** The local day of each place. */
  days: Int32Array;
  /** Why a place stays. */
  kept: Map<number, KeptBy[]>;
};

const byTime = (a: RetainedCopy, b: RetainedCopy): number =>
  b.snapshotMs - a.snapshotMs || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

const isCounted = ({ level, isSpoilt, isMissing }: RetainedCopy): boolean =>
  !isMissing && !isSpoilt && level !== null && level >= countedLevel;

/**
 * Which copies stay and which leave, with the reason of each; newest first (change-engine.md 6.3). Only copies that
 * stand at level 2 or above count: a failed, spoilt or unverified one never takes the place of another. Daily keeps the
 * newest of each date, weekly the newest of each ISO week among the rest, monthly the newest of each month among what
 * is left then; only dates, weeks and months that have a copy count, so that a gap shortens nothing. While monthly is
 * not full the oldest copy stays too. Throws RangeError for an unknown zone.
 */
export function selectCopies(copies: readonly RetainedCopy[], policy: RetentionPolicy): Verdict[] {
  const calendar = calendarOf(copies.toSorted(byTime), policy.timeZone);
  const rules: Rule[] = [
    { rule: 'daily', count: policy.daily, of: (day) => day, name: dayName },
    { rule: 'weekly', count: policy.weekly, of: weekOf, name: weekName },
    { rule: 'monthly', count: policy.monthly, of: monthOf, name: monthName },
  ];
  const buckets = rules.map((rule) => keepNewest(calendar, rule));
  const beyondDaily = dailyReach(calendar, policy.daily);
  keepOldest(calendar, buckets[2]?.size ?? 0, policy.monthly);
  keepBeside(calendar);
  const leavesOf = onceADay((day) => ({ because: 'no-rule', rules: passedOver(day, rules, buckets) }));
  const { days, kept } = calendar;
  return calendar.copies.map((copy, place): Verdict => {
    const { id, isSpoilt, isMissing, pins, wasVerified } = copy;
    const rule = kept.get(place);
    if (rule !== undefined || isMissing || pins.length > 0) {
      const missing: KeptBy[] = isMissing ? [{ rule: 'missing' }] : [];
      const pinned = pins.map((reason): KeptBy => ({ rule: 'pin', reason }));
      return { id, stays: true, by: [...missing, ...(rule ?? []), ...pinned] };
    }
    if (isCounted(copy)) return { id, stays: false, leaves: leavesOf(days[place] ?? 0) };
    if (wasVerified && !isSpoilt) return { id, stays: true, by: [{ rule: 'unclear' }] };
    if (copy.snapshotMs >= beyondDaily) return { id, stays: true, by: [{ rule: 'evidence', isSpoilt }] };
    return { id, stays: false, leaves: { because: 'not-verified', isSpoilt, daily: policy.daily } };
  });
}

/** Where each copy that counts lies in the calendar of a zone. */
function calendarOf(copies: readonly RetainedCopy[], zone: string): Calendar {
  const dayAt = localDays(zone);
  const days = new Int32Array(copies.length);
  const counted: number[] = [];
  copies.forEach((copy, place) => {
    if (!isCounted(copy)) return;
    days[place] = dayAt(copy.snapshotMs);
    counted.push(place);
  });
  return { copies, counted, days, kept: new Map() };
}

/** Keeps the newest of each bucket among those that no finer rule keeps; the buckets that have one now. */
function keepNewest({ counted, days, kept }: Calendar, { rule, count, of, name }: Rule): Set<number> {
  const buckets = new Set<number>();
  let told = Number.NaN;
  let bucket = Number.NaN;
  for (const place of counted) {
    if (buckets.size >= count) break;
    const day = days[place] ?? 0;
    // Neighbours share their day nearly always, and a month is dear to tell.
    if (day !== told) bucket = of(day);
    told = day;
    if (buckets.has(bucket) || kept.has(place)) continue;
    buckets.add(bucket);
    kept.set(place, [{ rule, bucket: name(bucket) }]);
  }
  return buckets;
}

/** While monthly is not full nothing that is older than the oldest copy is to be had: it stays. */
function keepOldest({ counted, kept }: Calendar, monthly: number, wanted: number): void {
  const oldest = counted.at(-1);
  if (oldest === undefined || monthly >= wanted || kept.has(oldest)) return;
  kept.set(oldest, [{ rule: 'oldest', monthly, wanted }]);
}

/** What stays beside the calendar: the newest verified ones, and the newest of each major version of the server. */
function keepBeside({ copies, counted, kept }: Calendar): void {
  const add = (place: number, by: KeptBy) => kept.set(place, [...(kept.get(place) ?? []), by]);
  for (const place of counted.slice(0, lastVerified)) add(place, { rule: 'last-verified' });
  const majors = new Set<number>();
  for (const place of counted) {
    const major = copies[place]?.serverMajor ?? null;
    if (major === null || majors.has(major)) continue;
    majors.add(major);
    add(place, { rule: 'major', major });
  }
}

/**
 * What is not verified stays until so many days newer than it have a verified copy: it is evidence meanwhile, and may
 * yet be verified. Milliseconds since 1970; minus infinity while daily is not full.
 */
function dailyReach({ copies, kept }: Calendar, wanted: number): number {
  const daily = [...kept].filter(([, by]) => by[0]?.rule === 'daily').map(([place]) => place);
  const oldest = copies[Math.max(...daily)];
  return oldest === undefined || daily.length < wanted ? Number.NEGATIVE_INFINITY : oldest.snapshotMs;
}

/** Copies of one day leave for the same reasons: of ten years of hours each day is told once. */
function onceADay(tell: (day: number) => LeavesFor): (day: number) => LeavesFor {
  const told = new Map<number, LeavesFor>();
  return (day) => {
    const known = told.get(day);
    if (known !== undefined) return known;
    const leaves = tell(day);
    told.set(day, leaves);
    return leaves;
  };
}

const passedOver = (day: number, rules: readonly Rule[], buckets: readonly Set<number>[]): PassedOver[] =>
  rules.flatMap(({ rule, count, of, name }, index) => {
    if (count === 0) return [];
    const bucket = of(day);
    const because = buckets[index]?.has(bucket) === true ? 'newer' : 'full';
    return [{ rule, bucket: name(bucket), because } as const];
  });
