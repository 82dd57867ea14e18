import type { Exhaustion, SloGroup } from '@/lib/slo/contract';
import type { GroupSort } from './page-url';

/** What is not known stands last, whatever it is ordered by. */
const last = Number.POSITIVE_INFINITY;

/** What is spent comes before what will be, what never ends and what is not known last. */
function goneOrder(exhaustion: Exhaustion): number {
  if (exhaustion.kind === 'spent') return -1;
  return exhaustion.kind === 'in' ? exhaustion.seconds : last;
}

const keys: Record<Exclude<GroupSort, 'name'>, (group: SloGroup) => number> = {
  level: ({ numbers }) => numbers.sli ?? last,
  left: ({ numbers }) => numbers.budgetLeft ?? last,
  failed: ({ numbers }) => (numbers.bad === null ? last : -numbers.bad),
  burn: ({ numbers }) => (numbers.burn1h === null ? last : -numbers.burn1h),
  gone: ({ numbers }) => goneOrder(numbers.soonest),
};

/** Groups worst first by one of their figures; as the server ordered them without one, and where they are equal. */
export function orderGroups(groups: readonly SloGroup[], sort: GroupSort | null): SloGroup[] {
  if (sort === null) return [...groups];
  if (sort === 'name') return groups.toSorted((a, b) => a.key.localeCompare(b.key));
  const of = keys[sort];
  const worse = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);
  return groups.toSorted((a, b) => worse(of(a), of(b)));
}
