import type { StepParts } from './planned';

/** Said beside the health checks where the plan has no migration; withMigration takes it out. */
export const NO_MIGRATION = ' Step 4, a migration (5 min), is not part of this plan.';

/** DEP-03: what the guide's seven steps are here, and the time that it gives each. */
const guideSteps = {
  prepare:
    ' Steps 1 and 2 of 7 by the guide: checks before (60 min), which a machine does here in seconds, and preparing the idle colour (30 min).',
  ready: ` Step 3 of 7: health checks (15 min).${NO_MIGRATION}`,
  route: ' Step 5 of 7: the switch (1 min).',
  watch: ' Steps 6 and 7 of 7: monitor (30 min), and go back if needed, by the way back of this plan.',
} as const;

export const guide = ({ strategy }: Pick<StepParts, 'strategy'>, step: keyof typeof guideSteps): string =>
  strategy === 'blue-green' ? guideSteps[step] : '';
