import 'server-only';
import { stopCopy, wantCopy, withdrawCopy } from '@/lib/backup/want-copy';
import { transaction } from '@/lib/db/transaction';
import { applyMove } from '../../execute/apply-move';
import type { Execution } from '../../execute/execution';
import { holdChange, isStopped } from '../../execute/intents';
import type { Round } from '../../execute/round';
import { observe } from '../../move-change';
import type { StoredChange } from '../../stored';
import type { BackupData } from '../contract';
import { decideBackup } from '../decide-backup';
import type { BackupMove } from '../facts';
import { readCopy } from './copy-fact';
import { isPaused, readSteered } from './orders';
import { dataStepOf } from './steps';

const moved: Round = { kind: 'moved', sentence: null };

/**
 * One round of a change that makes a copy. Its only act is a row of our own database, asked for under the epoch of this
 * claim; workers that make copies do the rest, and the row tells how it stands whatever becomes of this one.
 */
export async function backupRound(run: Execution, change: StoredChange, data: BackupData): Promise<Round> {
  const [steered, copy] = await Promise.all([
    readSteered(run, change),
    readCopy(run.db, run.number, data.level),
  ]);
  const { name, level, server } = data;
  const move = decideBackup({ ...steered, name, level, server, copy });
  switch (move.do) {
    case 'wait':
      return { kind: 'wait', sentence: move.sentence, silent: null, step: dataStepOf(change) };
    case 'want':
    case 'withdraw':
    case 'stop':
      await act(run, data, move);
      return moved;
    default:
      await applyMove(run, move);
      return moved;
  }
}

type Act = Extract<BackupMove, { do: 'want' | 'withdraw' | 'stop' }>;

async function act(run: Execution, { database }: BackupData, move: Act): Promise<void> {
  await run.reached('before-intent');
  await transaction(async (tx) => {
    const { change, now } = await holdChange(tx, run);
    // An abort, a pause or a switch that came after the facts were read is first.
    if (move.do === 'want' && ((await isStopped(tx, change, 'copy')) || (await isPaused(tx, run.number))))
      return;
    const actor = { kind: 'worker', id: run.workerId } as const;
    const asked = { database, change: run.number };
    await observe(tx, run.number, 1, 'act', move.sentence);
    if (move.do === 'want') await wantCopy(tx, actor, asked, now);
    if (move.do === 'withdraw') await withdrawCopy(tx, actor, asked, move.sentence);
    if (move.do === 'stop') await stopCopy(tx, actor, asked, change.outcome?.sentence ?? move.sentence);
  }, run.db);
  await run.reached('act-sent');
}
