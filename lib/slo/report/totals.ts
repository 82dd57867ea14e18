import { figuresOf } from '../math/budget';
import type { Tally } from '../math/counts';
import { allowedFailures, type Objective } from '../math/objective';
import { difference, rounded } from './amounts';
import type { Totals } from './contract';

/** What is left to be counted of a span: seconds with counts, less those that are excluded. */
export const countedSeconds = ({ known }: Tally, excludedSeconds: number): number =>
  Math.max(0, known - excludedSeconds);

/**
 * The figures of a line. `tally` is in seconds; `excludedSeconds` of it are known and do not count. Budget and
 * spending are of the counted time, in failures and in seconds, so that both have the same share.
 */
export function totalsOf(tally: Tally, objective: Objective, excludedSeconds: number): Totals {
  const { state, counts, sli, isMet } = figuresOf(tally, objective, tally.expected);
  const none = { state, sli: null, isMet: null, budget: null, spent: null, left: null };
  if (counts === null || sli === null) return { ...none, total: counts === null ? null : counts.total };
  const { bad, total } = counts;
  const seconds = countedSeconds(tally, excludedSeconds);
  const budget = {
    failures: rounded(allowedFailures(objective, total)),
    seconds: rounded(allowedFailures(objective, seconds)),
  };
  const spent = {
    failures: rounded(bad),
    seconds: rounded((bad / total) * seconds),
    share: (bad * objective.per) / (total * objective.failures),
  };
  return {
    state,
    total: rounded(total),
    sli,
    isMet,
    budget,
    spent,
    left: {
      failures: difference(budget.failures, spent.failures),
      seconds: difference(budget.seconds, spent.seconds),
    },
  };
}
