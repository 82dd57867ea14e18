import { z } from 'zod';
import { canonicalJson } from '@/lib/audit/canonical';
import type { Migration } from '@/lib/config/service';
import { formatDuration } from '@/lib/core/duration';
import { OpsError } from '@/lib/core/errors';
import type { RequestPlan } from '../../plan-contract';
import { type JsonObject, JsonObjectSchema } from '../../template';
import type { MigrationClass } from '../contract';
import { MIGRATION_CONTAINER } from '../job-key';
import { NO_MIGRATION } from './guide';
import { keyOf } from './objects';
import type { Planned } from './planned';
import type { Work } from './work';

type Parts = { input: RequestPlan; works: readonly [Work, ...Work[]]; planId: string };

/** Members of the service's own pod that a migration needs too: its rights, its secrets by reference, its limits. */
const podMembers = [
  'serviceAccountName',
  'automountServiceAccountToken',
  'imagePullSecrets',
  'securityContext',
  'nodeSelector',
  'tolerations',
  'volumes',
];
const containerMembers = [
  'image',
  'imagePullPolicy',
  'env',
  'envFrom',
  'volumeMounts',
  'resources',
  'securityContext',
  'workingDir',
];

/**
 * The steps with the migration where the plan asks for one: once, in the first region, after the new pods are ready
 * and before the first request is sent to them (DEP-03 step 4). Throws OpsError `precondition` where no step divides
 * the two.
 */
export function withMigration({ input, works, planId }: Parts, steps: readonly Planned[]): Planned[] {
  if (input.kind !== 'deploy' || input.migration === undefined) return [...steps];
  const [{ region, candidate, template, to }] = works;
  const { service, placement } = region.target;
  const { migration } = service;
  if (migration === undefined || template === null)
    throw new OpsError('internal', 'A migration without its settings cannot be planned.');
  const routers = works.flatMap((work) =>
    work.region.router === null ? [] : [keyOf(work.region, work.region.router.kind, work.region.router.name)],
  );
  const first = steps.findIndex(({ step }) => step.do === 'write' && routers.includes(step.object));
  if (first < 0 || routers.length < works.length) {
    throw new OpsError(
      'precondition',
      `One Service selects the pods of both colours of ${service.name}, so the new ones take requests before a migration could run.`,
      { next: 'Run the migration by itself first and leave it out here, or use a router with weights.' },
    );
  }
  const name = `${service.id.slice(0, 45)}-migrate-${planId.slice(0, 8)}`;
  const spec = jobSpec(template, { container: placement.container, migration, planId });
  const isBlueGreen = input.strategy === 'blue-green';
  const job: Planned = {
    step: {
      do: 'job',
      region: region.region,
      cluster: placement.cluster,
      namespace: placement.namespace,
      name,
      spec: canonicalJson(spec),
      class: input.migration,
      timeoutSeconds: migration.timeout,
    },
    title: `${region.region}: migrate the database with ${to.version} (${input.migration})`,
    usualSeconds: null,
    detail: `One Job, ${name}, with the image of ${candidate} and the environment of its Deployment; no second attempt. It is stopped after ${formatDuration(migration.timeout)}, and waits for a lock no longer than ${formatDuration(migration.lockTimeout)}. ${whileWords(input.migration, input.maintenance === true)}${isBlueGreen ? ' Step 4 of 7 by the guide: migration (5 min).' : ''}`,
  };
  return [...steps.slice(0, first), job, ...steps.slice(first)].map((one) => ({
    ...one,
    detail: one.detail.replace(NO_MIGRATION, ''),
  }));
}

/** The old version serves while it runs, or takes requests again after it: every migration has to suit both. */
function whileWords(kind: MigrationClass, isRefused: boolean): string {
  const serves = isRefused
    ? 'Requests are refused meanwhile, and the old version has to work with the new schema afterwards.'
    : `The old version serves meanwhile${kind === 'reversible' ? ' and has to work with both schemas' : ''}.`;
  return `${serves}${classWords[kind]}`;
}

const classWords: Record<MigrationClass, string> = {
  reversible: '',
  'forward-only':
    ' Once it is complete, the change never goes back by itself: only a person sends the requests back.',
  destructive:
    ' Once it is complete, the change never goes back by itself; should it fail, the change is held until a person has repaired the schema.',
};

const List = z.array(JsonObjectSchema);

const pick = (from: JsonObject, members: readonly string[]): JsonObject =>
  Object.fromEntries(
    members.flatMap((member) => {
      const value = from[member];
      return value === undefined ? [] : [[member, value] as const];
    }),
  );

type JobParts = { container: string; migration: Migration; planId: string };

/** The Job: the service's container with another command. Its pods carry no label of the service's own. */
function jobSpec(template: JsonObject, { container, migration, planId }: JobParts): JsonObject {
  const pod = JsonObjectSchema.parse(template['spec']);
  const own = List.parse(pod['containers']).find((one) => one['name'] === container);
  if (own === undefined) throw new OpsError('internal', `The template has no container ${container}.`);
  const labels = { 'signalbox.dev/plan': planId, 'sidecar.istio.io/inject': 'false' };
  return {
    suspend: true,
    backoffLimit: 0,
    activeDeadlineSeconds: Math.ceil(migration.timeout),
    completions: 1,
    parallelism: 1,
    template: {
      metadata: { labels },
      spec: {
        ...pick(pod, podMembers),
        restartPolicy: 'Never',
        containers: [
          {
            ...pick(own, containerMembers),
            name: MIGRATION_CONTAINER,
            command: migration.command,
            ...(migration.args === undefined ? {} : { args: migration.args }),
            env: [...environment(own), { name: 'PGOPTIONS', value: limits(migration) }],
          },
        ],
      },
    },
  };
}

/** The variables of the service, without those that would undo the limits. */
const environment = (own: JsonObject): JsonObject[] =>
  List.parse(own['env'] ?? []).filter((one) => one['name'] !== 'PGOPTIONS');

/** As libpq and its relatives hand them to PostgreSQL: a queue behind DDL that waits is an outage (fault 28). */
const limits = ({ lockTimeout, timeout }: Migration): string =>
  `-c lock_timeout=${Math.ceil(lockTimeout * 1000)} -c statement_timeout=${Math.ceil(timeout * 1000)}`;
