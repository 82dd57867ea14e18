import type { DeployPlan } from '@/lib/change/contract';

/** What is said of a change beside what it cost: its reason, and whether its failures were meant. */
export const noteOf = (reason: string, { staged }: Pick<DeployPlan, 'staged'>): string =>
  staged?.objects.some(({ part }) => part === 'maintenance')
    ? `${reason} Planned maintenance: requests were refused for the time of its migration, and count against the budget.`
    : reason;
