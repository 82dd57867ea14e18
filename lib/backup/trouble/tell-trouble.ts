import 'server-only';
import { archiveKinds, archiveNames, archiveSubject } from '@/lib/archive/model';
import type { Config } from '@/lib/config/schema';
import type { Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import { notifyBackups } from '@/lib/notify/outbox';
import { findTroubles } from './find-trouble';
import { changesOf, closedText, openedText } from './model';

/** Key of the advisory lock under which one worker at a time looks. */
const LOCK_KEY = 7_706_002n;

/** `Shop`, `Archives of the audit log`; null for what the configuration does not name any more. */
export function subjectName(config: Pick<Config, 'databases' | 'archives'>, subject: string): string | null {
  const database = config.databases.find(({ id }) => subject === `database:${id}`);
  if (database !== undefined) return `Copies of ${database.name}`;
  const kind = archiveKinds.find((known) => subject === archiveSubject(known));
  return kind === undefined || config.archives === undefined
    ? null
    : `Archives of the ${archiveNames[kind].toLowerCase()}`;
}

/**
 * Looks at copies and archives and tells what is wrong once, when it begins, and once when it is well again. What was
 * told is kept beside the message in one transaction. How many messages were written.
 */
export function tellTroubles(db: Database, config: Config): Promise<number> {
  return transaction(async (tx) => {
    const [lock] = await tx.$queryRaw<
      { taken: boolean }[]
    >`SELECT pg_try_advisory_xact_lock(${LOCK_KEY}) AS taken`;
    if (lock?.taken !== true) return 0;
    const told = await tx.backupTrouble.findMany({ orderBy: [{ subject: 'asc' }, { trouble: 'asc' }] });
    const { opened, closed } = changesOf(told, await findTroubles(tx, config));
    for (const trouble of opened) {
      await tx.backupTrouble.create({ data: trouble });
      const name = subjectName(config, trouble.subject) ?? trouble.subject;
      await notifyBackups(tx, config, 'backup.trouble', openedText(name, trouble));
    }
    for (const { subject, trouble, sentence } of closed) {
      await tx.backupTrouble.delete({ where: { subject_trouble: { subject, trouble } } });
      // What is looked after no more is neither ill nor well.
      const name = subjectName(config, subject);
      if (name === null) continue;
      await notifyBackups(tx, config, 'backup.well', closedText(name, { subject, trouble, sentence }));
    }
    return opened.length + closed.length;
  }, db);
}
