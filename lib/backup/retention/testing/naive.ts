import type { KeptBy, PassedOver, RetainedCopy, RetentionPolicy, Verdict } from '../model';

/** The date of the zone's clocks as text, asked of the runtime for each copy. */
const formatters = new Map<string, Intl.DateTimeFormat>();
function dateIn(zone: string, atMs: number): string {
  const made =
    formatters.get(zone) ??
    new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formatters.set(zone, made);
  return made.format(atMs);
}

/** ISO 8601's own words: the week belongs to the year of its Thursday, and week 1 has 4 January. */
const weeks = new Map<string, string>();
function isoWeek(date: string): string {
  const known = weeks.get(date) ?? walkToWeek(date);
  weeks.set(date, known);
  return known;
}

function walkToWeek(date: string): string {
  const thursday = new Date(`${date}T00:00:00Z`);
  while (thursday.getUTCDay() !== 4) {
    const isAfter = thursday.getUTCDay() === 0 || thursday.getUTCDay() > 4;
    thursday.setUTCDate(thursday.getUTCDate() + (isAfter ? -1 : 1));
  }
  const year = thursday.getUTCFullYear();
  let week = 1;
  const walk = new Date(Date.UTC(year, 0, 4));
  while (walk.getUTCDay() !== 4)
    walk.setUTCDate(walk.getUTCDate() + (walk.getUTCDay() === 0 || walk.getUTCDay() > 4 ? -1 : 1));
  while (walk < thursday) {
    walk.setUTCDate(walk.getUTCDate() + 7);
    week += 1;
  }
  return `${year}-W${String(week).padStart(2, '0')}`;
}

const newest = (copies: readonly RetainedCopy[]): RetainedCopy | undefined => {
  let best: RetainedCopy | undefined;
  for (const copy of copies)
    if (
      best === undefined ||
      copy.snapshotMs > best.snapshotMs ||
      (copy.snapshotMs === best.snapshotMs && copy.id > best.id)
    )
      best = copy;
  return best;
};

/**
 * The rule of change-engine.md 6.3 as one would do it by hand: write all dates on a list, take the newest so many
 * dates, cross out the newest copy of each; then weeks, then months with what is left. Slow and without cleverness.
 */
export function naiveVerdicts(copies: readonly RetainedCopy[], policy: RetentionPolicy): Verdict[] {
  const named = copies.map((copy) => {
    const date = dateIn(policy.timeZone, copy.snapshotMs);
    return { copy, daily: date, weekly: isoWeek(date), monthly: date.slice(0, 7) };
  });
  const proven = named.filter(
    ({ copy }) => !copy.isMissing && !copy.isSpoilt && copy.level !== null && copy.level >= 2,
  );
  const reasons = new Map<string, KeptBy[]>();
  const chosen = { daily: new Set<string>(), weekly: new Set<string>(), monthly: new Set<string>() };
  for (const rule of ['daily', 'weekly', 'monthly'] as const) {
    const left = proven.filter(({ copy }) => !reasons.has(copy.id));
    const names = [...new Set(left.map((one) => one[rule]))].sort().reverse().slice(0, policy[rule]);
    for (const bucket of names) {
      const best = newest(left.filter((one) => one[rule] === bucket).map(({ copy }) => copy));
      if (best !== undefined) reasons.set(best.id, [{ rule, bucket }]);
      chosen[rule].add(bucket);
    }
  }
  const inOrder = proven
    .map(({ copy }) => copy)
    .sort((a, b) => a.snapshotMs - b.snapshotMs || (a.id < b.id ? -1 : 1));
  const [first] = inOrder;
  const dailyOnes = inOrder.filter(({ id }) => reasons.get(id)?.some(({ rule }) => rule === 'daily'));
  if (first !== undefined && !reasons.has(first.id) && chosen.monthly.size < policy.monthly)
    reasons.set(first.id, [{ rule: 'oldest', monthly: chosen.monthly.size, wanted: policy.monthly }]);
  const also = (copy: RetainedCopy | undefined, by: KeptBy) => {
    if (copy !== undefined) reasons.set(copy.id, [...(reasons.get(copy.id) ?? []), by]);
  };
  for (const copy of inOrder.slice(-2)) also(copy, { rule: 'last-verified' });
  for (const major of new Set(inOrder.map(({ serverMajor }) => serverMajor)))
    if (major !== null)
      also(newest(inOrder.filter((copy) => copy.serverMajor === major)), { rule: 'major', major });
  return named
    .sort((a, b) => b.copy.snapshotMs - a.copy.snapshotMs || (a.copy.id < b.copy.id ? 1 : -1))
    .map((one): Verdict => {
      const { copy } = one;
      const pins: KeptBy[] = copy.pins.map((reason) => ({ rule: 'pin', reason }));
      const by = [...(reasons.get(copy.id) ?? []), ...pins];
      if (copy.isMissing) return { id: copy.id, stays: true, by: [{ rule: 'missing' }, ...pins] };
      if (by.length > 0) return { id: copy.id, stays: true, by };
      if (proven.includes(one)) {
        const rules = (['daily', 'weekly', 'monthly'] as const)
          .filter((rule) => policy[rule] > 0)
          .map((rule): PassedOver => {
            const because = chosen[rule].has(one[rule]) ? 'newer' : 'full';
            return { rule, bucket: one[rule], because };
          });
        return { id: copy.id, stays: false, leaves: { because: 'no-rule', rules } };
      }
      const { isSpoilt } = copy;
      if (copy.wasVerified && !isSpoilt) return { id: copy.id, stays: true, by: [{ rule: 'unclear' }] };
      const isOld =
        dailyOnes.length >= policy.daily && dailyOnes.every((good) => good.snapshotMs > copy.snapshotMs);
      return isOld
        ? { id: copy.id, stays: false, leaves: { because: 'not-verified', isSpoilt, daily: policy.daily } }
        : { id: copy.id, stays: true, by: [{ rule: 'evidence', isSpoilt }] };
    });
}
