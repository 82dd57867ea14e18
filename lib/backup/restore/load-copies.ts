import 'server-only';
import { messageOf, sentenceOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import type { CheckToKeep } from '../check';
import { readTarget } from '../connection';
import { holding, type IsStopAsked } from '../lease';
import { type Copier, persistently } from '../make-copy';
import { readyToRestore, renewRun, tellRun, workOff } from '../run-row';
import { redact } from '../run-tool';
import { type EndedLoad, endLoad } from './end-load';
import { type Loaded, load } from './load';
import { type TakenLoad, takeLoad } from './take-load';

/** As the sessions of a load are named at the server, so that those of a dead worker can be ended. */
export const loadSession = (id: string): string => `signalbox-load-${id}`;

/** Carries out every load that waits, one after another; the number of those that were begun. */
export const loadCopies = (copier: Copier): Promise<number> =>
  workOff(
    () => takeLoad(copier),
    (taken) => carryOut(copier, taken),
  );

/** A change that goes back asks for the end of its load. */
const isStopAsked: IsStopAsked = async (db, id) => {
  const row = await db.restoreRun.findUnique({ where: { id }, select: { state: true, stopReason: true } });
  return row?.state === 'running' && row.stopReason !== null;
};

async function carryOut(copier: Copier, taken: TakenLoad): Promise<void> {
  const { db, holder } = copier;
  const own = { id: taken.id, workerId: holder.workerId };
  const held = { id: taken.id, holder, stopping: copier.signal, renew: renewRun, isStopAsked };
  try {
    await holding(db, held, async (signal) => {
      const ended = await attempt(copier, taken, signal);
      await persistently(signal, () => endLoad(copier, { ...own, ...ended }));
      const said = { database: taken.database.id, change: taken.change, state: ended.state };
      logger('worker').info(said, 'a load has ended');
    });
  } catch (error) {
    // Drained, or told to stop: the row says which. Whoever lost it to another worker finds that it is not its own.
    const isOurs = await endLoad(copier, { ...own, ...stopped });
    if (isOurs && copier.signal.aborted) return;
    logger('worker').warn({ load: taken.id, err: messageOf(error), isOurs }, 'a load broke off');
  }
}

type Outcome = Omit<EndedLoad, 'id' | 'workerId'>;

const unbegun = (sentence: string): Outcome => ({
  state: 'failed',
  phase: null,
  sentence,
  isFaultOfCopy: false,
  evidence: [],
  check: null,
});

/** One attempt for each change: what was loaded half is not gone on with, and the change goes back. */
const stopped = unbegun('The worker that loaded it was stopped before the load had ended.');

async function attempt(copier: Copier, taken: TakenLoad, signal: AbortSignal): Promise<Outcome> {
  const { backup, restore, name } = taken.database;
  const secrets: string[] = [];
  try {
    const ready = await readyToRestore(copier, { ...taken, folder: backup.folder, work: 'load' });
    if ('problem' in ready) return unbegun(ready.problem);
    const { copy, tools } = ready;
    const target = { ...readTarget(restore.url, `the restores of ${name}`), database: taken.into };
    secrets.push(target.password);
    const loaded = await load({
      copy,
      minBytes: backup.minBytes,
      target,
      oid: taken.oid,
      appName: loadSession(taken.id),
      tools,
      timeoutSeconds: backup.timeout,
      signal,
      tell: (phase, ended) => tellRun(copier, taken.id, phase, ended),
    });
    return outcomeOf(loaded);
  } catch (error) {
    signal.throwIfAborted();
    return unbegun(`The load broke off: ${sentenceOf(error, (text) => redact(text, secrets))}`);
  }
}

function outcomeOf({ phases, failedIn, obstacle, evidence }: Loaded): Outcome {
  if (obstacle === null) {
    const sentence = 'The database has the rows, constraints and indexes of the copy.';
    return { state: 'done', phase: null, phases, sentence, isFaultOfCopy: false, evidence, check: null };
  }
  const { message: sentence, isFaultOfCopy } = obstacle;
  return {
    state: 'failed',
    phase: failedIn,
    phases,
    sentence,
    isFaultOfCopy,
    evidence,
    // Bytes that are not those that were written are so for everybody; the rest a drill has to show.
    check: isFaultOfCopy && failedIn === 'fetch' ? spoiltBytes(sentence, evidence) : null,
  };
}

const spoiltBytes = (sentence: string, evidence: CheckToKeep['evidence']): CheckToKeep => ({
  level: 1,
  tool: 'SHA-256',
  toolVersion: `Node ${process.versions.node}`,
  result: 'failed',
  sentence,
  evidence,
  seconds: 0,
});
