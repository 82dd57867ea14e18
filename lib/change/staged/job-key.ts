import type { StagedStep } from './contract';

type JobStep = Extract<StagedStep, { do: 'job' }>;

/** The one container of a migration's pod. */
export const MIGRATION_CONTAINER = 'migrate';

/** Of the Job of a step, in intents and diffs: `us-east-1/Job/architect/architect-api-migrate-1a2b3c4d`. */
export const jobKeyOf = ({
  cluster,
  namespace,
  name,
}: Pick<JobStep, 'cluster' | 'namespace' | 'name'>): string => `${cluster}/Job/${namespace}/${name}`;
