import { priceMethod } from '../ledger/price';

/** Rises when a sentence below says something else than before: a frozen report keeps its own. */
export const methodVersion = 2;

export const methodSentences: readonly string[] = [
  'A month runs from its first midnight to the next one of the zone named beside it; days of 23 and 25 hours count as they are.',
  'Events are counted in buckets of 5 minutes; a bucket belongs to the month, and to the definition, in which it ends. Older than 39 days they are read by the hour.',
  'Service level = good / all events of the month, summed over its groups; never a mean of ratios. An objective by time slices counts slices.',
  'Budget = (100 % − target) × events; in time, × seconds: 99.95 % of 30 days are 21.6 min, of 31 days 22.32 min, of 28 days 20.16 min. What is not known and what is excluded counts neither as good nor as bad, and allows nothing.',
  'Time spent is the full outage that would have cost as much at the traffic of the month: failed / all × seconds counted.',
  'Counted: from raw samples, whole numbers. Estimated: by increase(), which extrapolates and misses the first count of a new series. Mixed: both.',
  `Causes come from the ledger of the budget. ${priceMethod} A change is asked for what failed up to 4 h after it, in each region that it came to by itself; where several stand in one span, each pays an equal part.`,
  'Unexplained is what no line of the ledger claims. Amounts are kept to a thousandth of a failure and of a second, so that causes and the unexplained rest add up to what was spent exactly.',
  'An objective that was edited in the month has one line for each definition: counts stay with the definition that made them. Target and name are those at the close.',
];
