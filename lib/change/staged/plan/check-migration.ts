import 'server-only';
import { type OnBehalfOf, OPERATORS_GROUP, reviewAccess } from '@/lib/actuators/kubernetes/write';
import type { Precheck } from '../../plan-contract';
import type { StagedStep } from '../contract';
import { attempt, type Finding, fail, pass, warn } from './check';
import type { Work } from './work';

type JobStep = Extract<StagedStep, { do: 'job' }>;

/** What has to be known before the database is migrated; nothing where the plan has no migration. */
export async function migrationChecks(
  work: Work | undefined,
  steps: readonly StagedStep[],
  onBehalfOf: OnBehalfOf,
): Promise<Precheck[]> {
  const step = steps.find((one) => one.do === 'job');
  if (step?.do !== 'job' || work === undefined) return [];
  return [
    {
      id: 'migration-rights',
      title: 'The cluster lets us run the migration',
      ...(await attempt(() => rights(work, step, onBehalfOf))),
    },
  ];
}

async function rights({ region }: Work, { namespace }: JobStep, onBehalfOf: OnBehalfOf): Promise<Finding> {
  const jobs = { group: 'batch', resource: 'jobs', namespace };
  const [create, patch, log] = await Promise.all([
    reviewAccess(region.client, { ...jobs, verb: 'create' }, onBehalfOf),
    reviewAccess(region.client, { ...jobs, verb: 'patch' }, onBehalfOf),
    reviewAccess(
      region.client,
      { group: '', resource: 'pods', subresource: 'log', verb: 'get', namespace },
      onBehalfOf,
    ),
  ]);
  if (!create || !patch) {
    const verb = create ? 'let Jobs run (patch)' : 'create Jobs';
    return fail(
      `The group ${OPERATORS_GROUP} may not ${verb} in ${namespace}. Bind the role of deploy/kubernetes there.`,
    );
  }
  return log
    ? pass(`The group ${OPERATORS_GROUP} may create Jobs in ${namespace}, let them run and read their logs.`)
    : warn(
        `The group ${OPERATORS_GROUP} may not read logs in ${namespace}: what the migration said is not kept.`,
      );
}
