import type { Config } from '@/lib/config/schema';
import { counter } from '@/lib/core/metrics';
import type { Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import { removeChunks, removeDefinitions, rollUp } from '@/lib/slo/record/roll-up';
import type { Job } from '../job';

type Retention = Config['retention'];
type Rule = { table: string; remove: (db: Database, retention: Retention) => Promise<number> };

/** An ended change and everything that hangs on it; its audit entries stay. */
const removeChanges: Rule['remove'] = (db, { changes }) =>
  transaction(async (tx) => {
    const ended = await tx.$queryRaw<{ number: number }[]>`SELECT number FROM change
      WHERE finished_at < app.now() - ${changes}::double precision * interval '1 s' LIMIT 500`;
    const where = { changeNumber: { in: ended.map(({ number }) => number) } };
    await tx.signOff.deleteMany({ where });
    await tx.step.deleteMany({ where });
    await tx.intent.deleteMany({ where });
    await tx.command.deleteMany({ where });
    await tx.measurement.deleteMany({ where });
    await tx.watchTier.deleteMany({ where });
    await tx.observation.deleteMany({ where });
    await tx.lock.deleteMany({ where });
    return (await tx.change.deleteMany({ where: { number: where.changeNumber } })).count;
  }, db);

const removeStatusMessages: Rule['remove'] = (db, { statusMessages }) =>
  transaction(async (tx) => {
    const resolved = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM status_message
      WHERE resolved_at < app.now() - ${statusMessages}::double precision * interval '1 s' LIMIT 500`;
    const ids = resolved.map(({ id }) => id);
    await tx.statusUpdate.deleteMany({ where: { messageId: { in: ids } } });
    return (await tx.statusMessage.deleteMany({ where: { id: { in: ids } } })).count;
  }, db);

/** Rows that no change in flight needs: the log of an unfinished change is kept however old it is. */
export const retentionRules: readonly Rule[] = [
  { table: 'change', remove: removeChanges },
  { table: 'status_message', remove: removeStatusMessages },
  {
    table: 'audit.producer',
    remove: (db, { auditProducers }) =>
      db.$executeRaw`DELETE FROM audit.producer
        WHERE last_at < app.now() - ${auditProducers}::double precision * interval '1 s'`,
  },
  {
    table: 'slo_chunk of minutes',
    remove: (db, { sloMinutes }) => removeChunks(db, { size: 60, age: sloMinutes }),
  },
  {
    table: 'slo_chunk of 5 minutes',
    remove: (db, { sloBuckets }) => rollUp(db, { from: 300, to: 3600, age: sloBuckets }),
  },
  {
    table: 'slo_chunk of hours',
    remove: (db, { sloHours }) => rollUp(db, { from: 3600, to: 86_400, age: sloHours }),
  },
  {
    table: 'slo_chunk of days',
    remove: (db, { sloDays }) => removeChunks(db, { size: 86_400, age: sloDays }),
  },
  {
    // What is no longer recorded is shown as gone for a while; then nothing is known of it that would be of use.
    table: 'slo_adopted',
    remove: (db, { sloMinutes }) =>
      db.$executeRaw`DELETE FROM slo_adopted WHERE seen_at < app.now() - ${sloMinutes}::double precision * interval '1 s'`,
  },
  { table: 'slo_definition', remove: (db, { sloDays }) => removeDefinitions(db, sloDays) },
  {
    table: 'slo_entry',
    remove: (db, { sloLedger }) =>
      db.$executeRaw`DELETE FROM slo_entry WHERE to_at < app.now() - ${sloLedger}::double precision * interval '1 s'`,
  },
  {
    // A recurring one stays: it still decides about spans that are counted.
    table: 'slo_exclusion',
    remove: (db, { sloLedger }) =>
      db.$executeRaw`DELETE FROM slo_exclusion
        WHERE to_at < app.now() - ${sloLedger}::double precision * interval '1 s'`,
  },
  {
    table: 'plan_request',
    remove: (db, { plans }) =>
      db.$executeRaw`DELETE FROM plan_request WHERE created_at < app.now() - ${plans}::double precision * interval '1 s'`,
  },
  {
    table: 'measurement',
    remove: (db, { measurements }) =>
      db.$executeRaw`DELETE FROM measurement m USING change c WHERE c.number = m.change_number
        AND c.finished_at < app.now() - ${measurements}::double precision * interval '1 s'`,
  },
  {
    table: 'observation',
    remove: (db, { observations }) =>
      db.$executeRaw`DELETE FROM observation o USING change c WHERE c.number = o.change_number
        AND c.finished_at < app.now() - ${observations}::double precision * interval '1 s'`,
  },
  {
    table: 'outbox',
    remove: (db, { outbox }) =>
      db.$executeRaw`DELETE FROM outbox WHERE coalesce(delivered_at, abandoned_at)
        < app.now() - ${outbox}::double precision * interval '1 s'`,
  },
  {
    table: 'session',
    remove: (db, { sessions }) =>
      db.$executeRaw`DELETE FROM session WHERE coalesce(revoked_at, expires_at)
        < app.now() - ${sessions}::double precision * interval '1 s'`,
  },
  {
    // What it asked for is in the record; a change that still waits for a start is never as old.
    table: 'api_token',
    remove: (db, { sessions }) =>
      db.$executeRaw`DELETE FROM api_token WHERE least(revoked_at, expires_at)
        < app.now() - ${sessions}::double precision * interval '1 s'`,
  },
  {
    table: 'idempotency_key',
    remove: (db, { idempotencyKeys }) =>
      db.$executeRaw`DELETE FROM idempotency_key
        WHERE created_at < app.now() - ${idempotencyKeys}::double precision * interval '1 s'`,
  },
  {
    table: 'rate_limit',
    remove: (db, { signInAttempts }) =>
      db.$executeRaw`DELETE FROM rate_limit
        WHERE expire < extract(epoch FROM app.now() - ${signInAttempts}::double precision * interval '1 s') * 1000`,
  },
  {
    table: 'status_day',
    remove: (db, { statusSnapshots }) =>
      db.$executeRaw`DELETE FROM status_day
        WHERE day < (app.now() - ${statusSnapshots}::double precision * interval '1 s')::date`,
  },
  {
    table: 'database_sample',
    remove: (db, { databaseSamples }) =>
      db.$executeRaw`DELETE FROM database_sample
        WHERE at < app.now() - ${databaseSamples}::double precision * interval '1 s'`,
  },
  {
    // Copies that lie somewhere keep their rows however old they are, also those whose file is only about to go.
    table: 'backup_copy',
    remove: (db, { backupCopies }) =>
      db.$executeRaw`DELETE FROM backup_copy
        WHERE CASE state WHEN 'failed' THEN finished_at WHEN 'deleted' THEN deleted_at END
          < app.now() - ${backupCopies}::double precision * interval '1 s'`,
  },
  {
    table: 'archive',
    remove: (db, { backupCopies }) =>
      db.$executeRaw`DELETE FROM archive
        WHERE CASE WHEN state IN ('failed', 'unchanged') THEN finished_at WHEN state = 'deleted' THEN deleted_at END
          < app.now() - ${backupCopies}::double precision * interval '1 s'`,
  },
  {
    // The looks that count are the latest of each level; those that only say the same again are let go.
    table: 'archive_check',
    remove: (db, { backupCopies }) =>
      db.$executeRaw`DELETE FROM archive_check k
        WHERE at < app.now() - ${backupCopies}::double precision * interval '1 s' AND EXISTS (
          SELECT FROM archive_check l WHERE l.archive_id = k.archive_id AND l.level = k.level AND l.id > k.id)`,
  },
  {
    table: 'restore_run',
    remove: (db, { backupCopies }) =>
      db.$executeRaw`DELETE FROM restore_run
        WHERE finished_at < app.now() - ${backupCopies}::double precision * interval '1 s'`,
  },
  {
    table: 'worker',
    remove: (db, { workers }) =>
      db.$executeRaw`DELETE FROM worker
        WHERE heartbeat_at < app.now() - ${workers}::double precision * interval '1 s'`,
  },
];

/** Removes what `retention` in signalbox.yaml no longer keeps. The audit log has no rule: it is kept whole. */
export const applyRetention: Job = {
  name: 'apply-retention',
  everySeconds: 3600,
  topics: [],
  run: async ({ db, config }) => {
    for (const { table, remove } of retentionRules) {
      const removed = await remove(db, config.retention);
      counter({
        name: 'signalbox_retention_removed_total',
        help: 'Rows removed by retention',
        labels: ['table'],
      })
        .labels(table)
        .inc(removed);
    }
  },
};
