import type { Archiver } from '@/lib/archive/begin-archive';
import { checkDueArchives } from '@/lib/archive/check-archives';
import { clearAbandonedArchives } from '@/lib/archive/clear-abandoned';
import { makeDueArchives } from '@/lib/archive/make-archives';
import { retainArchives as retain } from '@/lib/archive/retain-archives';
import { configSource } from '@/lib/config/load';
import { logger } from '@/lib/core/log';
import type { Job, WorkerContext } from '../job';

/** Two jobs of one worker work on different archives: each has a name of its own for its leases. */
const archiver = ({ db, config, workerId, signal }: WorkerContext, part: string): Archiver => ({
  db,
  config,
  signal,
  source: configSource,
  actor: { kind: 'worker', id: workerId },
  holder: { workerId: `${workerId}/${part}`, leaseSeconds: config.timing.lease },
});

/** Archives what its schedule wants, and ends what dead workers left. */
export const makeArchives: Job = {
  name: 'make-archives',
  everySeconds: 5,
  topics: [],
  run: async (context) => {
    if (context.config.archives === undefined) return;
    const archives = archiver(context, 'archives');
    const cleared = await clearAbandonedArchives(archives);
    if (cleared > 0) logger('worker').warn({ cleared }, 'archives of dead workers were ended');
    await makeDueArchives(archives);
  },
};

/** Takes archives up the ladder, again and again. */
export const checkArchives: Job = {
  name: 'check-archives',
  everySeconds: 5,
  topics: [],
  run: async (context) => {
    await checkDueArchives(archiver(context, 'archive-checks'));
  },
};

/** Deletes archives of the configuration whose time is over. */
export const retainArchives: Job = {
  name: 'retain-archives',
  everySeconds: 300,
  topics: [],
  run: async (context) => {
    const deleted = await retain(archiver(context, 'archive-retention'));
    if (deleted > 0) logger('worker').info({ deleted }, 'archives of the configuration were deleted');
  },
};
