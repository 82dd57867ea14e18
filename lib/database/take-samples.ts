import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { Database } from '@/lib/db/client';
import { databaseName, withDatabase } from '@/lib/sources/postgresql/client';
import { readSize } from '@/lib/sources/postgresql/size';
import { toSourceError } from '@/lib/sources/source-error';
import { storeSample, withoutSample } from './store';

export type Sampled = { taken: string[]; failed: { id: string; why: string }[] };

/**
 * Stores the size of each database that has no sample of this hour. Any number of workers may do it at once; a
 * database that does not answer is named and asked again with the next run, and its hour may stay empty.
 */
export async function takeSamples(
  db: Database,
  { databases }: Pick<Config, 'databases'>,
  signal: AbortSignal,
): Promise<Sampled> {
  const sampled: Sampled = { taken: [], failed: [] };
  if (databases.length === 0) return sampled;
  const due = await withoutSample(
    db,
    databases.map(({ id }) => id),
  );
  for (const database of databases.filter(({ id }) => due.has(id))) {
    if (signal.aborted) break;
    let bytes: number;
    try {
      bytes = await withDatabase(database, (part) => part(readSize));
    } catch (error) {
      sampled.failed.push({ id: database.id, why: toSourceError(error, databaseName(database)).message });
      continue;
    }
    if (await storeSample(db, database.id, bytes)) sampled.taken.push(database.id);
  }
  return sampled;
}
