import 'server-only';
import { lookAtSession, maySignal, type SessionName } from '@/lib/actuators/postgres/end-session';
import type { Database as DatabaseConfig } from '@/lib/config/database';
import { formatDuration } from '@/lib/core/duration';
import { messageOf, OpsError } from '@/lib/core/errors';
import { quoted } from '@/lib/database/describe';
import { withoutValues } from '@/lib/database/query-text';
import { type FoundSession, findSession } from '@/lib/sources/postgresql/backend';
import { withDatabase } from '@/lib/sources/postgresql/client';
import { readServer, type Server } from '@/lib/sources/postgresql/server';
import { SourceError } from '@/lib/sources/source-error';
import type { Precheck } from '../../contract';
import { BackendStart, type EndSessionData } from '../contract';
import { sessionName } from '../sentence';
import type { Part } from './part';

const refuse = (message: string, next: string): OpsError => new OpsError('precondition', message, { next });

/** Throws OpsError where the session has ended, is not one of a client, or is our own, and where nobody answers. */
export async function planEndSession(
  { id, name, url, signal }: DatabaseConfig,
  asked: SessionName,
): Promise<Part<EndSessionData>> {
  // Asked for before: nothing is planned without it.
  if (signal === undefined) throw new Error(`No account ends sessions of ${id}.`);
  const { server, session } = await read({ id, url }, name, asked);
  const seen = checked(session, asked, name);
  const data: EndSessionData = {
    do: 'end-session',
    database: id,
    name,
    serverVersion: server.version.split(' ')[0] ?? server.version,
    server: null,
    serverDatabase: server.database,
    pid: asked.pid,
    startedAt: asked.startedAt,
    user: seen.user,
    application: seen.application,
    client: seen.client,
    state: seen.state,
    stateSince: seen.stateSince,
    transactionSince: seen.transactionSince,
    wait: seen.wait,
    query: seen.query === null || seen.query === '' ? null : withoutValues(seen.query),
    blocks: seen.blocks,
    blockedBy: seen.blockedBy,
  };
  return {
    data,
    effect: { what: name, from: sessionName(data), to: 'ended' },
    steps: [
      {
        n: 1,
        kind: 'end',
        title: `End ${sessionName(data)}`,
        usualSeconds: 2,
        detail:
          'The server is told once, and only for the process with this start: another session of the same number is left alone.',
      },
      {
        n: 2,
        kind: 'verify',
        title: 'See that it is gone',
        usualSeconds: 2,
        detail:
          'It ends when it next looks whether it should; rolling back a long transaction takes a while.',
      },
    ],
    prechecks: [
      { id: 'session', title: 'The session is there', result: 'pass', detail: sessionWords(seen) },
      transactionCheck(seen),
      blockCheck(seen),
      await accountCheck({ id, signal }, asked, seen),
    ],
  };
}

async function read(
  target: Pick<DatabaseConfig, 'id' | 'url'>,
  name: string,
  { pid }: SessionName,
): Promise<{ server: Server; session: FoundSession | null }> {
  try {
    return await withDatabase(target, async (part) => ({
      server: await part(readServer),
      session: await part((ask) => findSession(ask, pid)),
    }));
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new OpsError('unavailable', error.message, {
      next: `See the state of ${name}, then ask for the plan again.`,
    });
  }
}

const sameMoment = (left: string, right: string): boolean => inFull(left) === inFull(right);
/** Microseconds and a zone of Z, as the server writes them. */
const inFull = (at: string): string =>
  at.replace(/(?:\.(\d+))?Z$/, (_, part = '') => `.${part.padEnd(6, '0')}Z`);

/** The session when it may be ended. Throws OpsError `precondition` otherwise. */
function checked(session: FoundSession | null, { pid, startedAt }: SessionName, name: string): FoundSession {
  const again = 'Look at the sessions again: it may have another number now, or none.';
  if (session === null) throw refuse(`Session ${pid} of ${name} has ended.`, again);
  if (session.startedAt === null || !BackendStart.safeParse(session.startedAt).success) {
    throw refuse(
      `What process ${pid} of ${name} is cannot be seen by the account of signalbox.yaml.`,
      'GRANT pg_monitor to it.',
    );
  }
  if (!sameMoment(session.startedAt, startedAt)) {
    throw refuse(`Session ${pid} of ${name} has ended; another one has its number now.`, again);
  }
  const other = kindWords[session.kind ?? ''];
  if (session.kind !== 'client backend' || !session.isHere) {
    throw refuse(
      `Process ${pid} is ${other ?? (session.isHere ? 'no session of a client' : `no session of ${name}`)}, and is not ended from here.`,
      'Only sessions of clients of this database are.',
    );
  }
  if (/^signalbox($|-)/.test(session.application)) {
    throw refuse(
      `Session ${pid} is one of this console itself (${session.application}).`,
      'A copy that is being made ends with an abort of its change, and every other one by itself within seconds.',
    );
  }
  return session;
}

const kindWords: Record<string, string> = {
  walsender: 'the stream of a standby or of a replication slot',
  'autovacuum worker': 'a worker of autovacuum, which may be keeping transaction numbers from running out',
  'autovacuum launcher': 'a part of the server',
  'background worker': 'a background worker of the server',
};

function sessionWords({ user, application, client, state }: FoundSession): string {
  const from = client === null ? 'from the machine of the server' : `from ${client}`;
  const by = application === '' ? '' : ` by ${application}`;
  return `Of ${user ?? 'no account'}${by}, ${from}, ${state ?? 'state not known'}.`;
}

function transactionCheck({ transactionSeconds, state }: FoundSession): Precheck {
  const title = 'What is lost';
  if (transactionSeconds === null)
    return { id: 'transaction', title, result: 'pass', detail: 'It is in no transaction.' };
  const age = formatDuration(Math.max(0, Math.round(transactionSeconds)));
  return {
    id: 'transaction',
    title,
    result: 'warn',
    detail: `Its transaction is open for ${age} (${state ?? 'state not known'}): what it has not committed is rolled back.`,
  };
}

function blockCheck({ blocks, blockedBy }: FoundSession): Precheck {
  const parts = [
    ...(blocks.length === 0 ? [] : [`Sessions that wait for it: ${blocks.join(', ')}.`]),
    ...(blockedBy.length === 0
      ? []
      : [`It waits itself for ${blockedBy.join(', ')}: ending it frees nobody who waits for those.`]),
  ];
  return {
    id: 'blocks',
    title: 'Who waits for whom',
    result: blockedBy.length === 0 ? 'pass' : 'warn',
    detail: parts.length === 0 ? 'It holds nobody up, and waits for nobody.' : parts.join(' '),
  };
}

/** Whether the account that ends sessions sees this one, and may. */
async function accountCheck(
  signaller: { id: string; signal: NonNullable<DatabaseConfig['signal']> },
  asked: SessionName,
  { user }: FoundSession,
): Promise<Precheck> {
  const title = 'The account may end it';
  const finding = (result: Precheck['result'], detail: string): Precheck => ({
    id: 'account',
    title,
    result,
    detail,
  });
  try {
    const { account, may } = await maySignal(signaller, user);
    if (!may) {
      return finding(
        'fail',
        `${account} may not end sessions of ${user ?? 'this account'}: GRANT pg_signal_backend TO ${quoted(account)}; those of a superuser are ended by a superuser alone.`,
      );
    }
    const seen = await lookAtSession(signaller, asked);
    if (seen === 'there') return finding('pass', `${account} sees it and may end it.`);
    return finding(
      'fail',
      seen === 'hidden'
        ? `${account} does not see when sessions of others began: GRANT pg_read_all_stats TO ${quoted(account)}.`
        : `${account} does not see it: does its URL name the same server and database?`,
    );
  } catch (error) {
    return finding('fail', `Its account cannot be used: ${messageOf(error)}`);
  }
}
