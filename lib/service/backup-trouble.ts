import 'server-only';
import { troubleWords } from '@/lib/backup/trouble/model';
import type { Config } from '@/lib/config/schema';
import { database } from '@/lib/db/client';
import { Poll } from '@/lib/sources/poll';

declare global {
  var signalboxTroubles: Poll<string[]> | undefined;
}

/** Databases and archives of which something is told to be wrong, as `database:shop`; read while somebody looks. */
export function troublePoll(): Poll<string[]> {
  globalThis.signalboxTroubles ??= new Poll<string[]>({
    name: 'backup troubles',
    intervalMs: 15_000,
    read: async () => {
      const rows = await database().backupTrouble.findMany({
        distinct: ['subject'],
        orderBy: [{ since: 'asc' }, { subject: 'asc' }],
        select: { subject: true },
      });
      return rows.map(({ subject }) => subject);
    },
  });
  return globalThis.signalboxTroubles;
}

/** What needs a look in an environment, in one sentence; archives belong to all of them. Empty while nothing does. */
export function backupWords(config: Config, environment: string, subjects: readonly string[]): string {
  const names = subjects.flatMap((subject) => {
    if (subject.startsWith('archive:')) return config.archives === undefined ? [] : ['archives'];
    const known = config.databases.find(({ id }) => subject === `database:${id}`);
    return known?.environment === environment ? [`copies of ${known.name}`] : [];
  });
  return troubleWords(names);
}
