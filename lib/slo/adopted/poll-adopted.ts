import 'server-only';
import type { Config } from '@/lib/config/schema';
import { logger } from '@/lib/core/log';
import type { Database } from '@/lib/db/client';
import { SourceError } from '@/lib/sources/source-error';
import { readAdopted } from '../define/read-adopted';
import { claimSources, saveRead } from './store';

/** Seconds between two readings of a server, whoever reads: three requests each, of at most six a minute. */
export const adoptedEverySeconds = 60;

/** Reads the servers that are due and keeps what other tools record there. A server that fails costs only itself. */
export async function pollAdopted(
  db: Database,
  config: Config,
  signal: AbortSignal,
  everySeconds = adoptedEverySeconds,
): Promise<void> {
  const due = await claimSources(
    db,
    config.sources.prometheus.map(({ id }) => id),
    everySeconds,
  );
  const sources = config.sources.prometheus.filter(({ id }) => due.includes(id));
  await Promise.all(
    sources.map(async (source) => {
      try {
        const { found, warnings } = await readAdopted(source, signal);
        const [warning] = warnings;
        const problem =
          warning === undefined
            ? null
            : { reason: 'warned', message: `Prometheus ${source.id} warns: ${warning}` };
        await saveRead(db, source.id, found, problem);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof SourceError)) throw error;
        logger('slo').warn(
          { source: source.id, reason: error.reason },
          'rules of other tools could not be read',
        );
        await saveRead(db, source.id, [], { reason: error.reason, message: error.message });
      }
    }),
  );
}
