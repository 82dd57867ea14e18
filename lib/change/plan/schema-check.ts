import 'server-only';
import { z } from 'zod';
import { changeId } from '@/lib/core/ids';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { DeployPlan, Precheck } from '../contract';
import { type MigrationClass, migrationClasses } from '../staged/contract';
import { attempt, type Finding, pass, warn } from '../staged/plan/check';

/** A migration that was let run; `isNewer`: it came after the wanted version, which was not brought again since. */
export type PastMigration = { number: number; version: string; class: MigrationClass; isNewer: boolean };

const since = (all: readonly PastMigration[], version: string): string => {
  const told = all.map((one) => `${changeId(one.number)} for ${one.version} (${one.class})`);
  return `The database was migrated since ${version} was brought: ${told.join(', ')}.`;
};

/**
 * Whether a version that ran before meets a schema that is newer than it (change-engine.md 6.4; trust.md 1.4: a plan
 * states the compatibility of the data). A change that goes back is told and not held up: which is worse, people decide.
 */
export function schemaFinding(version: string, migrations: readonly PastMigration[]): Finding {
  const later = migrations.filter(({ isNewer }) => isNewer);
  if (later.length === 0) return pass(`No migration is on record since ${version} was brought.`);
  const has = (one: MigrationClass) => later.some((migration) => migration.class === one);
  const told = since(later, version);
  if (has('destructive')) {
    return warn(
      `${told} What ${version} reads may be gone. Restore a copy from before it, or go forward instead.`,
    );
  }
  if (has('forward-only')) {
    return warn(
      `${told} That ${version} works with the new schema was not said by who signed it, and nothing undoes the migration. Try a part of the requests first.`,
    );
  }
  return pass(`${told} Who signed it said that the version before works with the new schema.`);
}

const Row = z.object({
  number: z.int(),
  version: z.string(),
  class: z.enum(migrationClasses),
  ran: z.boolean(),
  again: z.boolean(),
});

/** Migrations of a service that are looked back at, newest first. */
const LOOKED_BACK = 20;

/**
 * Its Job was released, whatever became of it: one that failed may have changed half of the schema. What a rollback puts
 * back ran before, recorded or not; of other kinds a version did that a change up to the migration replaced or brought.
 */
async function readMigrations(
  db: DatabaseOrTransaction,
  { kind, service, environment, to }: Pick<DeployPlan, 'kind' | 'service' | 'environment' | 'to'>,
): Promise<PastMigration[]> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT c.number, coalesce(c.plan #>> '{to,version}', '') AS version, step ->> 'class' AS class,
      EXISTS (SELECT 1 FROM change d
        WHERE d.service = c.service AND d.environment = c.environment AND d.started_at IS NOT NULL AND d.number <= c.number
          AND (d.plan #>> '{from,version}' = ${to.version}
            OR d.number < c.number AND d.plan #>> '{to,version}' = ${to.version})) AS ran,
      EXISTS (SELECT 1 FROM change d
        WHERE d.service = c.service AND d.environment = c.environment AND d.started_at IS NOT NULL AND d.number >= c.number
          AND d.kind = 'deploy' AND d.plan #>> '{to,version}' = ${to.version}) AS again
    FROM change c CROSS JOIN LATERAL jsonb_array_elements(c.plan #> '{staged,steps}') AS step
    WHERE c.service = ${service} AND c.environment = ${environment} AND step ->> 'do' = 'job'
      AND EXISTS (SELECT 1 FROM intent i WHERE i.change_number = c.number AND i.verb = 'write'
        AND i.target LIKE '%/Job/%' AND i.result IN ('applied', 'adopted'))
    ORDER BY c.number DESC LIMIT ${LOOKED_BACK}`;
  return rows.map((row) => {
    const { ran, again, ...one } = Row.parse(row);
    return { ...one, isNewer: (kind === 'rollback' || ran) && !again };
  });
}

/** Null where no version is put back: the kind moves none, or the version is new here. */
export async function schemaCheck(db: DatabaseOrTransaction, plan: DeployPlan): Promise<Precheck | null> {
  if (plan.kind !== 'rollback' && plan.kind !== 'shift' && plan.kind !== 'deploy') return null;
  const found = await attempt(async () => schemaFinding(plan.to.version, await readMigrations(db, plan)));
  // Of a version that comes for the first time there is nothing to say, unless something is wrong with that.
  if (plan.kind !== 'rollback' && found.result === 'pass') return null;
  return { id: 'schema', title: 'The version fits the schema of the database', ...found };
}
