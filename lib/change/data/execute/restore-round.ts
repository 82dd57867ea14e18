import 'server-only';
import {
  closeOld,
  dropMade,
  dropUnfinished,
  openOld,
  switchBack,
  switchOver,
} from '@/lib/actuators/postgres/restore/acts';
import { type Acted, type Restore, raiseFence } from '@/lib/actuators/postgres/restore/fence';
import { makeDatabase } from '@/lib/actuators/postgres/restore/make';
import { stopLoad, wantLoad } from '@/lib/backup/restore/want-load';
import { stopCopy, wantCopy, withdrawCopy } from '@/lib/backup/want-copy';
import { messageOf } from '@/lib/core/errors';
import { transaction } from '@/lib/db/transaction';
import { SourceError } from '@/lib/sources/source-error';
import { applyMove } from '../../execute/apply-move';
import { emailOf } from '../../execute/email';
import type { Execution } from '../../execute/execution';
import {
  holdChange,
  type IntentRow,
  isStopped,
  reissueIntent,
  settleIntent,
  writeIntent,
} from '../../execute/intents';
import type { Round } from '../../execute/round';
import { LostChange, observe } from '../../move-change';
import type { StoredChange } from '../../stored';
import type { RestoreData } from '../contract';
import { decideRestore } from '../decide-restore';
import type { RestoreFacts, RestoreMove, RestoreVerb } from '../restore-facts';
import type { Layout } from '../restore-layout';
import { restoreSteps } from '../restore-steps';
import { isPaused } from './orders';
import { keepAside } from './restore-aside';
import { type Looked, lookAtRestore, verbOf } from './restore-facts-of';
import { reachStep } from './steps';

const moved: Round = { kind: 'moved', sentence: null };

/**
 * One round of a change that puts a copy back. What it does at the server is announced, fenced by the epoch of this
 * claim and told by names alone; copies and loads are asked for by rows, which the workers that have the tools take.
 */
export async function restoreRound(run: Execution, change: StoredChange, data: RestoreData): Promise<Round> {
  const looked = await lookAtRestore(run, change, data);
  const { facts, restore } = looked;
  if (restore !== null && facts.layout !== null && !(await hold(run, restore, facts.layout)))
    return { kind: 'later', seconds: null, sentence: 'The server is busy with these databases.', step: 1 };
  await keepAside(run, data, facts);
  const step = stepOf(facts, data);
  await follow(run, change, step);
  const move = decideRestore(facts);
  switch (move.do) {
    case 'wait':
    case 'wait-until':
      return waiting(looked, move, step);
    case 'copy':
    case 'load':
      await ask(run, data, facts, move, step);
      return moved;
    case 'act':
      return announce(run, change, data, restore, { ...move, step });
    case 'recover':
      return recover(run, looked, move);
    default:
      await applyMove(run, move);
      return moved;
  }
}

/**
 * From here on no earlier claim acts any more; one that finds a later one stops. False: the server did not take it, and
 * nothing may be decided. Throws LostChange.
 */
async function hold(run: Execution, restore: Restore, layout: Layout): Promise<boolean> {
  if (!('made' in layout) || layout.made.epoch === run.epoch) return true;
  if (layout.made.epoch > run.epoch) throw new LostChange('A later claim of this change has acted.');
  const acted = await raiseFence(restore).catch((error: unknown): Acted => {
    if (error instanceof SourceError) return { kind: 'busy' };
    throw error;
  });
  if (acted.kind === 'newer') throw new LostChange('A later claim of this change has acted.');
  return acted.kind === 'done';
}

function waiting(
  { problem, facts }: Looked,
  move: Extract<RestoreMove, { do: 'wait' | 'wait-until' }>,
  step: number,
): Round {
  const isWatch = facts.state === 'Watching' || facts.state === 'DataHold';
  return {
    kind: 'wait',
    sentence: problem ?? move.sentence,
    silent: problem === null ? null : { retryAfterSeconds: null },
    // Sessions come and go, seconds pass: shown, and no line of the log each time.
    isCounting: problem === null && (isWatch || move.do === 'wait-until'),
    dueMs:
      move.do === 'wait-until'
        ? Math.max(0, move.until - facts.nowMs)
        : facts.watchUntilMs === null
          ? null
          : Math.max(1000, facts.watchUntilMs - facts.nowMs),
    step,
  };
}

/** How far it is, by what the server shows. */
function stepOf({ layout, copy, state }: RestoreFacts, data: RestoreData): number {
  const steps = restoreSteps(data.safetyCopy);
  if (state === 'Watching' || state === 'DataHold') return steps.watch;
  switch (layout?.stage) {
    case 'unfinished':
    case 'made':
      return steps.close;
    case 'closed':
      return steps.load;
    case 'switched':
      return steps.switch;
    default:
      return steps.copy !== null && copy.state !== 'kept' ? steps.copy : steps.close;
  }
}

/** On the way back no step begins: the one that ran is the one that failed. */
async function follow(run: Execution, change: StoredChange, step: number): Promise<void> {
  if (change.backingOut || change.state !== 'Running') return;
  const where = { changeNumber: run.number, n: step, state: 'running' };
  if ((await run.db.step.count({ where })) > 0) return;
  await transaction(async (tx) => {
    const { now } = await holdChange(tx, run);
    await reachStep(tx, run.number, step, now);
  }, run.db);
}

type Ask = Extract<RestoreMove, { do: 'copy' | 'load' }>;

/** A row that other workers take, asked for or taken back under the epoch of this claim. */
async function ask(
  run: Execution,
  data: RestoreData,
  { layout, names }: RestoreFacts,
  move: Ask,
  step: number,
): Promise<void> {
  await run.reached('before-intent');
  await transaction(async (tx) => {
    const { change, now } = await holdChange(tx, run);
    // An abort, a pause or a switch that came after the facts were read is first.
    if (move.how === 'want' && ((await isStopped(tx, change, move.do)) || (await isPaused(tx, run.number))))
      return;
    const actor = { kind: 'worker', id: run.workerId } as const;
    const asked = { database: data.database, change: run.number };
    const why = change.outcome?.sentence ?? move.sentence;
    await observe(tx, run.number, step, 'act', move.sentence);
    if (move.do === 'load') {
      if (move.how === 'stop') await stopLoad(tx, actor, asked, why);
      else if (layout !== null && 'made' in layout) {
        const into = { name: names.fresh, oid: layout.made.oid };
        await wantLoad(tx, actor, { ...asked, copyId: data.copy.id, into }, now);
      }
    } else if (move.how === 'want') await wantCopy(tx, actor, asked, now);
    else if (move.how === 'withdraw') await withdrawCopy(tx, actor, asked, move.sentence);
    else await stopCopy(tx, actor, asked, why);
  }, run.db);
  await run.reached('act-sent');
}

/** Says what will be done before it is. */
async function announce(
  run: Execution,
  change: StoredChange,
  data: RestoreData,
  restore: Restore | null,
  { verb, sentence, step }: { verb: RestoreVerb; sentence: string; step: number },
): Promise<Round> {
  if (restore === null) return { kind: 'later', seconds: null, sentence, step };
  const onBehalfOf = await emailOf(run, change, { verb, command: null });
  await run.reached('before-intent');
  const row = await writeIntent(run, {
    verb,
    step,
    target: `database/${data.database}`,
    targetUid: String(data.oid),
    targetRv: '',
    onBehalfOf,
    before: { name: restore.names.live, oid: data.oid },
    desired: { verb, ...restore.names },
    sentence,
  });
  if (row === null) return moved;
  await run.reached('intent-written');
  return act(run, restore, row);
}

const acts: Record<RestoreVerb, (restore: Restore) => Promise<Acted>> = {
  make: makeDatabase,
  close: closeOld,
  switch: switchOver,
  'switch-back': switchBack,
  open: openOld,
  drop: async (restore) => {
    const dropped = await dropMade(restore);
    return dropped.kind === 'moved' ? dropUnfinished(restore) : dropped;
  },
};

const doneWords: Record<RestoreVerb, (restore: Restore) => string> = {
  make: ({ names }) =>
    `${names.fresh} is there, empty, with owner, locale, settings and rights of ${names.live}.`,
  close: ({ names }) => `${names.live} lets nobody in; its sessions were ended.`,
  switch: ({ names }) => `${names.live} is the restored database now; the old one is ${names.former}.`,
  'switch-back': ({ names }) =>
    `${names.live} is the old database again; the restored one is ${names.fresh}.`,
  open: ({ names }) => `${names.live} lets sessions in again.`,
  drop: ({ names }) => `${names.fresh} is dropped.`,
};

/** Acts, and writes down what came of it; an answer that was lost leaves the act open. */
async function act(run: Execution, restore: Restore, row: IntentRow): Promise<Round> {
  const verb = verbOf(row);
  const { step } = row;
  if (!run.lease.mayAct()) throw new LostChange('The lease is too old to act on.');
  let acted: Acted;
  try {
    acted = await acts[verb](restore);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const sentence = `${messageOf(error)} Looking again before anything is done.`;
    return { kind: 'later', seconds: null, sentence, step };
  }
  await run.reached('act-sent');
  switch (acted.kind) {
    case 'done':
      await settleIntent(run, row, { result: 'applied', sentence: doneWords[verb](restore) });
      break;
    case 'refused':
      await settleIntent(run, row, { result: 'refused', sentence: acted.sentence });
      break;
    case 'newer':
      throw new LostChange('A later claim of this change has acted.');
    case 'late':
      throw new LostChange('The lease is too old to act on.');
    case 'moved':
      await settleIntent(run, row, {
        result: 'conflict',
        sentence: 'The databases were not as they should be; looking again.',
      });
      break;
    case 'busy': {
      const sentence = 'Somebody still holds one of the databases; their sessions are ended again.';
      return { kind: 'later', seconds: null, sentence, step };
    }
  }
  await run.reached('result-written');
  return moved;
}

async function recover(
  run: Execution,
  { restore, open }: Looked,
  { as, sentence }: Extract<RestoreMove, { do: 'recover' }>,
): Promise<Round> {
  if (open === null) return moved;
  if (as === 'again' && restore !== null) {
    const again = await reissueIntent(run, open, '');
    if (again !== null) return act(run, restore, again);
  }
  const result = as === 'adopted' ? 'adopted' : 'superseded';
  const said = as === 'again' ? 'The act is not repeated: somebody stopped it.' : sentence;
  await settleIntent(run, open, { result, sentence: said });
  return moved;
}
