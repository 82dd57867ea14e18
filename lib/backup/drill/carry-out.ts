import 'server-only';
import { stage } from '@/lib/audit/stage';
import { sentenceOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { type Transaction, transaction } from '@/lib/db/transaction';
import type { BackedUp, Holder } from '../begin-copy';
import type { CheckToKeep } from '../check';
import { scratchTarget } from '../check-copies';
import { installationId } from '../installation';
import { holding } from '../lease';
import { backedUp, type Copier, persistently } from '../make-copy';
import { readyToRestore, renewRun, tellRun, workOff } from '../run-row';
import { drillName } from '../scratch';
import { type EndedDrill, endDrill, recoverySeconds } from './end-drill';
import { type Rehearsal, rehearse } from './rehearse';

type Taken = { id: string; copyId: string; object: string; scratch: string; database: BackedUp };

/** Carries out every drill that waits, one after another; the number of those that were begun. */
export const carryOutDrills = (copier: Copier): Promise<number> =>
  workOff(
    () => take(copier),
    (taken) => carryOut(copier, taken),
  );

function take({ db, config, holder, actor, signal }: Copier): Promise<Taken | null> {
  const databases = backedUp(config).filter(({ backup }) => backup.scratch !== undefined);
  if (signal.aborted || databases.length === 0) return Promise.resolve(null);
  return transaction(async (tx) => {
    const [row] = await tx.$queryRaw<{ id: string; databaseId: string; copyId: string; object: string }[]>`
      SELECT id, database_id AS "databaseId", copy_id AS "copyId", object FROM restore_run
      WHERE state = 'wanted' AND purpose = 'drill' AND database_id = ANY(${databases.map(({ id }) => id)})
      ORDER BY requested_at FOR UPDATE SKIP LOCKED LIMIT 1`;
    const database = databases.find(({ id }) => id === row?.databaseId);
    if (row === undefined || database === undefined) return null;
    const scratch = drillName(row.id);
    await begin(tx, row.id, scratch, holder);
    await stage(tx, {
      action: 'backup.drill_started',
      actor,
      target: `database:${database.id}`,
      result: 'ok',
      details: { drill: row.id, database: database.id, object: row.object },
    });
    return { id: row.id, copyId: row.copyId, object: row.object, scratch, database };
  }, db);
}

/** The name of the scratch database stands in the row before it is made, so that whoever clears up finds it. */
const begin = (tx: Transaction, id: string, scratch: string, { workerId, leaseSeconds }: Holder) =>
  tx.$executeRaw`
    UPDATE restore_run SET state = 'running', started_at = app.now(), database_name = ${scratch},
      lease_owner = ${workerId}, lease_until = app.now() + ${leaseSeconds}::double precision * interval '1 s'
    WHERE id = ${id}::uuid`;

async function carryOut(copier: Copier, taken: Taken): Promise<void> {
  const { db, holder } = copier;
  try {
    await holding(db, { id: taken.id, holder, stopping: copier.signal, renew: renewRun }, async (signal) => {
      const ended = await attempt(copier, taken, signal);
      await persistently(signal, () => endDrill(copier, { ...base(copier, taken), ...ended }));
      logger('worker').info(
        { database: taken.database.id, drill: taken.id, state: ended.state },
        'a drill has ended',
      );
    });
  } catch (error) {
    // Whoever lost it to another worker finds a row that is not its own.
    if (!copier.signal.aborted) {
      logger('worker').error({ drill: taken.id, err: error }, 'a drill broke off');
      return;
    }
    await endDrill(copier, { ...base(copier, taken), ...stopped });
  }
}

type Outcome = Pick<
  EndedDrill,
  'state' | 'phase' | 'phases' | 'sentence' | 'isFaultOfCopy' | 'evidence' | 'check'
>;

const base = ({ holder }: Copier, { id, copyId, object, database }: Taken) => ({
  id,
  copyId,
  object,
  databaseId: database.id,
  name: database.name,
  workerId: holder.workerId,
});

const stopped = {
  state: 'cancelled',
  phase: null,
  sentence: 'The worker was stopped before the drill ended; nothing is known of the copy by it.',
  isFaultOfCopy: false,
  evidence: [],
  check: null,
} as const;

async function attempt(copier: Copier, taken: Taken, signal: AbortSignal): Promise<Outcome> {
  const { database } = taken;
  const { backup } = database;
  try {
    const ready = await readyToRestore(copier, { ...taken, folder: backup.folder, work: 'drill' });
    if ('problem' in ready) return unbegun(ready.problem);
    const { copy, tools } = ready;
    if (backup.scratch === undefined) return unbegun('There is no scratch server.');
    const target = scratchTarget(backup.scratch, database.name);
    if ('problem' in target) return unbegun(target.problem);
    const rehearsal = await rehearse({
      copy,
      minBytes: backup.minBytes,
      owner: await installationId(copier.db),
      server: target,
      database: taken.scratch,
      tools,
      timeoutSeconds: backup.timeout,
      signal,
      tell: (phase, ended) => tellRun(copier, taken.id, phase, ended),
    });
    return outcomeOf(rehearsal, tools.version);
  } catch (error) {
    signal.throwIfAborted();
    return unbegun(`The drill broke off: ${sentenceOf(error)}`);
  }
}

const unbegun = (sentence: string): Outcome => ({
  state: 'failed',
  phase: null,
  sentence,
  isFaultOfCopy: false,
  evidence: [],
  check: null,
});

function outcomeOf({ phases, failedIn, obstacle, evidence }: Rehearsal, toolVersion: string): Outcome {
  const seconds = recoverySeconds(phases);
  if (obstacle === null) {
    const check: CheckToKeep = {
      ...{ level: 4, tool: 'pg_restore, pg_amcheck', toolVersion, result: 'passed', evidence, seconds },
      sentence: 'A drill restored it: rows, constraints and indexes are those of the database.',
    };
    const sentence = 'The restore has the rows, constraints and indexes of the database.';
    return { state: 'done', phase: null, phases, sentence, isFaultOfCopy: false, evidence, check };
  }
  const { message: sentence, isFaultOfCopy } = obstacle;
  const level = failedIn === 'fetch' ? 1 : 4;
  const tool = level === 1 ? 'SHA-256' : 'pg_restore, pg_amcheck';
  const check: CheckToKeep = { level, tool, toolVersion, result: 'failed', sentence, evidence, seconds };
  return {
    state: 'failed',
    phase: failedIn,
    phases,
    sentence,
    isFaultOfCopy,
    evidence,
    check: isFaultOfCopy ? check : null,
  };
}
