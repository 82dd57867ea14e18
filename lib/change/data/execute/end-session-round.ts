import 'server-only';
import { z } from 'zod';
import { endSession, isForbidden, lookAtSession, type Signaller } from '@/lib/actuators/postgres/end-session';
import { messageOf } from '@/lib/core/errors';
import { SourceError } from '@/lib/sources/source-error';
import { applyMove } from '../../execute/apply-move';
import { emailOf } from '../../execute/email';
import type { Execution } from '../../execute/execution';
import {
  type IntentRow,
  reissueIntent,
  settledResults,
  settleIntent,
  writeIntent,
} from '../../execute/intents';
import type { Round } from '../../execute/round';
import { LostChange } from '../../move-change';
import type { StoredChange } from '../../stored';
import type { EndSessionData } from '../contract';
import { decideEndSession } from '../decide-end-session';
import type { EndSessionFacts, SessionSeen } from '../facts';
import { sessionName } from '../sentence';
import { readSteered } from './orders';
import { dataStepOf } from './steps';

const moved: Round = { kind: 'moved', sentence: null };

/** How a name begins a sentence. */
const named = (data: EndSessionData): string => {
  const name = sessionName(data);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
};

/** One round of a change that ends a session: look, decide, tell the server at most once. */
export async function endSessionRound(
  run: Execution,
  change: StoredChange,
  data: EndSessionData,
): Promise<Round> {
  const signaller = signallerOf(run, data);
  const [steered, intents, looked] = await Promise.all([
    readSteered(run, change),
    run.db.intent.findMany({ where: { changeNumber: run.number }, orderBy: { attempt: 'asc' } }),
    look(signaller, data),
  ]);
  const step = dataStepOf(change);
  const open = intents.find(({ resolvedAt }) => resolvedAt === null) ?? null;
  const facts: EndSessionFacts = {
    ...steered,
    name: named(data),
    seen: looked.seen,
    sent: intents.some(({ result }) => settledResults.some((one) => one === result)),
    open: open !== null,
    givenUp: intents.some(({ result }) => result === 'superseded'),
    refused: refusedWords(intents),
    goneWithinSeconds: change.plan.timing.rolloutDeadlineSeconds,
  };
  const move = decideEndSession(facts);
  switch (move.do) {
    case 'wait': {
      const sentence = looked.problem ?? move.sentence;
      const silent = looked.seen === 'silent' ? { retryAfterSeconds: null } : null;
      return { kind: 'wait', sentence, silent, step };
    }
    case 'send': {
      const onBehalfOf = await emailOf(run, change, { verb: 'end', command: null });
      await run.reached('before-intent');
      const row = await writeIntent(run, {
        verb: 'end',
        step: 1,
        target: `session/${data.database}/${data.pid}`,
        targetUid: `${data.pid}@${data.startedAt}`,
        targetRv: '',
        onBehalfOf,
        before: beforeOf(data),
        desired: { ended: true },
        sentence: move.sentence,
      });
      if (row === null) return moved;
      await run.reached('intent-written');
      return send(run, signaller, data, row);
    }
    case 'recover':
      return open === null ? moved : recover(run, signaller, data, open, move);
    default:
      await applyMove(run, move);
      return moved;
  }
}

/** What is ended, for the record: as those who signed saw it. */
const beforeOf = ({ pid, startedAt, user, application, client, state, query }: EndSessionData) => ({
  pid,
  startedAt,
  user,
  application,
  client,
  state,
  query,
});

const Refused = z.looseObject({ sentence: z.string().default('The server refused.') });

const refusedWords = (intents: readonly IntentRow[]): string | null => {
  const refused = intents.findLast(({ result }) => result === 'refused')?.resultDetail;
  if (refused === null || refused === undefined) return null;
  const { sentence } = Refused.parse(refused);
  return sentence;
};

function signallerOf(run: Execution, { database }: EndSessionData): Signaller | null {
  const signal = run.config.databases.find(({ id }) => id === database)?.signal;
  return signal === undefined ? null : { id: database, signal };
}

const unconfigured = 'signalbox.yaml names no account any more that may end sessions of this database.';

async function look(
  signaller: Signaller | null,
  data: EndSessionData,
): Promise<{ seen: SessionSeen; problem: string | null }> {
  if (signaller === null) return { seen: 'silent', problem: unconfigured };
  try {
    return { seen: await lookAtSession(signaller, data), problem: null };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { seen: 'silent', problem: messageOf(error) };
  }
}

/** Tells the server, and writes down what it said; an answer that was lost leaves the order open. */
async function send(
  run: Execution,
  signaller: Signaller | null,
  data: EndSessionData,
  row: IntentRow,
): Promise<Round> {
  if (signaller === null) return { kind: 'later', seconds: null, sentence: unconfigured, step: 1 };
  if (!run.lease.mayAct()) throw new LostChange('The lease is too old to act on.');
  try {
    const { mayAct: mayStill } = run.lease;
    // With stopActing it is shorter than the lease: void before another worker may have taken the change.
    const told = await endSession(signaller, data, {
      mayStill,
      withinSeconds: run.config.timing.callTimeout,
    });
    await run.reached('act-sent');
    if (told === 'late') {
      const sentence = 'The order came too late, and ended nothing. Looking again before anything is sent.';
      return { kind: 'later', seconds: null, sentence, step: 1 };
    }
    await settleIntent(run, row, settlementOf(told, named(data)));
    await run.reached('result-written');
    return moved;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    if (isForbidden(error)) {
      const sentence = `The server refused: the account may not end sessions of ${data.user ?? 'this account'}. GRANT pg_signal_backend to it; those of a superuser are ended by a superuser alone.`;
      await settleIntent(run, row, { result: 'refused', sentence });
      return moved;
    }
    const sentence = `${messageOf(error)} Looking again before anything is sent.`;
    return { kind: 'later', seconds: null, sentence, step: 1 };
  }
}

function settlementOf(told: Exclude<Awaited<ReturnType<typeof endSession>>, 'late'>, name: string) {
  switch (told) {
    case 'told':
      return { result: 'applied', sentence: `The server was told to end ${name.toLowerCase()}.` } as const;
    case 'gone':
      return { result: 'superseded', sentence: `${name} had ended by itself before.` } as const;
    case 'hidden':
      return {
        result: 'refused',
        sentence: `The account does not see when sessions of others began: GRANT pg_read_all_stats to it.`,
      } as const;
  }
}

async function recover(
  run: Execution,
  signaller: Signaller | null,
  data: EndSessionData,
  open: IntentRow,
  { as, sentence }: { as: 'adopted' | 'again' | 'given-up'; sentence: string },
): Promise<Round> {
  if (as === 'again') {
    const again = await reissueIntent(run, open, '');
    if (again !== null) return send(run, signaller, data, again);
  }
  const result = as === 'adopted' ? 'adopted' : 'superseded';
  const said = as === 'again' ? 'The order is not sent again: somebody stopped it.' : sentence;
  await settleIntent(run, open, { result, sentence: said });
  return moved;
}
