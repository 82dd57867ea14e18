import { z } from 'zod';
import { RequestPlan } from '@/lib/change/contract';
import { typedNameProblem } from '@/lib/change/typed-name';
import type { ChangeKind } from '@/lib/core/change-kind';
import { OpsError } from '@/lib/core/errors';
import { api, paths } from '@/lib/core/paths';
import { monotonicMs, now, sleep } from '@/lib/core/time';
import { ChangeAnswer, PlanAnswer, RequestedChange, RequestedPlan } from './change-answers';
import { asking, kindOptions, optionsUsage, readKindOptions, regionUsage } from './change-asking';
import { openTalk, type Talk, talkOptions } from './change-connect';
import { answered, INTERRUPTED, planLines, resultOf, UNKNOWN } from './change-text';
import { lookAt, mayHaveArrived, type Waited, waitFor } from './change-wait';
import { type Command, readArguments, UsageError } from './command';

const PLAN_PATIENCE_MS = 120_000;
const POLL_MS = 500;

const askOptions = {
  ...talkOptions,
  environment: { type: 'string' },
  region: { type: 'string' },
  reason: { type: 'string' },
  ticket: { type: 'string' },
  'plan-only': { type: 'boolean' },
  'start-by-hand': { type: 'boolean' },
  ...kindOptions,
  wait: { type: 'boolean' },
} as const;

function asks(kind: ChangeKind): Command {
  const { takes, does, input } = asking[kind];
  const count = takes === '' ? 0 : takes.split(' ').length;
  const more = optionsUsage(kind);
  const usage = `signalbox change ${kind} SERVICE ${takes}${takes === '' ? '' : ' '}--environment E ${regionUsage(kind)} --reason TEXT [--ticket T]${more} [--plan-only | [--start-by-hand] --wait] [--timeout 2h] [--interval 5s] [--token-file FILE] [--json]`;
  return {
    summary: `${does} and send it for sign-off, through the console at SIGNALBOX_URL with SIGNALBOX_TOKEN. With --wait the exit code is the result: 0 succeeded, 1 failed or refused, 3 backed out, 4 rejected, expired, voided or cancelled, 5 not ended in time, 6 not known, since the console did not answer`,
    usage,
    run: async (args) => {
      // It stands in place of the revision.
      const named = count - (kind === 'rollback' && args.includes('--last-known-good') ? 1 : 0);
      const { values, positionals } = readArguments(args, usage, askOptions, 1 + named);
      const [service = '', ...rest] = positionals;
      const { environment, reason, ticket } = values;
      const chosen = readKindOptions(kind, values, usage);
      const region = chosen.regions?.[0] ?? values.region;
      if (environment === undefined) throw new UsageError('--environment is missing.', usage);
      if (region === undefined) throw new UsageError('--region is missing.', usage);
      if (reason === undefined && values['plan-only'] !== true)
        throw new UsageError('--reason is missing: those who sign read it.', usage);
      if (values['plan-only'] === true && values.wait === true)
        throw new UsageError('--plan-only asks for nothing that could be waited for.', usage);
      // As on the page: the mistake to prevent is the wrong service, and the console asks for it again.
      const untyped = typedNameProblem({ kind, service }, values.confirm);
      if (untyped !== null && values['plan-only'] !== true)
        throw new UsageError(`${untyped} Say it with --confirm.`, usage);
      const talk = openTalk(values, usage);
      try {
        const asked = await input({ service, environment, region }, rest, talk);
        const wanted = z.safeParse(RequestPlan, { ...asked, ...chosen });
        if (!wanted.success) {
          const [issue] = wanted.error.issues;
          throw new UsageError(`The ${issue?.path.join('.')} is not valid: ${issue?.message}.`, usage);
        }
        const plan = await makePlan(talk, wanted.data);
        if (plan === null) return INTERRUPTED;
        if (values['plan-only'] === true) {
          talk.result(plan.answer);
          return 0;
        }
        const id = await send(talk, {
          planId: plan.id,
          planHash: plan.answer.planHash,
          reason,
          ...(ticket === undefined ? {} : { ticket }),
          runWhenApproved: values['start-by-hand'] !== true,
          ...(values.confirm === undefined ? {} : { confirmedName: values.confirm }),
        });
        if (id === null) return UNKNOWN;
        talk.say(`\nSent for sign-off as ${id}: ${talk.console.url(paths.change(id))}`);
        const waited =
          values.wait === true
            ? await waitFor(talk.console, id, { ...talk, isSent: true })
            : await lookAt(talk.console, id, talk.say);
        return finish(talk, id, waited);
      } finally {
        talk.close();
      }
    },
  };
}

/** The plan once a worker has answered, printed; null when interrupted. Throws OpsError `precondition` when it cannot be sent. */
async function makePlan(talk: Talk, input: RequestPlan): Promise<{ id: string; answer: PlanAnswer } | null> {
  const { id } = await talk.console.post(RequestedPlan, api.plans(), input);
  const until = monotonicMs() + PLAN_PATIENCE_MS;
  for (;;) {
    if (talk.signal.aborted) {
      talk.say('Stopped before anything was asked for. The plan expires by itself.');
      return null;
    }
    const answer = await talk.console.get(PlanAnswer, api.plan(id));
    if (answer.state === 'pending' && monotonicMs() < until) {
      await sleep(POLL_MS, talk.signal);
      continue;
    }
    for (const line of planLines(answer)) talk.say(line);
    if (answer.blocked === null) return { id, answer };
    const next = answer.problem?.next;
    throw new OpsError('precondition', answer.blocked, next === undefined ? {} : { next });
  }
}

/** The id of the change that was asked for; null when nobody knows whether it was, which has been said then. */
async function send({ console, say, result }: Talk, body: object): Promise<string | null> {
  try {
    return (await console.post(RequestedChange, api.changes(), body)).id;
  } catch (error) {
    if (!mayHaveArrived(error)) throw error;
    const url = console.url(paths.changes());
    say(`\nWhether the change was asked for is not known. ${error.message}`);
    say(`  Look at ${url} before asking again. When it is there: npx signalbox change wait ID`);
    result(
      resultOf(
        { id: null, url, exitCode: UNKNOWN },
        { answer: null, readAt: null, awaySince: console.awaySince },
      ),
    );
    return null;
  }
}

/** Prints the result and returns the exit code. */
function finish({ console, result }: Talk, id: string, { known, exitCode }: Waited): number {
  result(resultOf({ id, url: console.url(paths.change(id)), exitCode }, known));
  return exitCode;
}

const looks = (word: 'show' | 'wait', summary: string): Command => {
  const usage = `signalbox change ${word} ID [--timeout 2h] [--interval 5s] [--token-file FILE] [--json]`;
  return {
    summary,
    usage,
    run: async (args) => {
      const { values, positionals } = readArguments(args, usage, talkOptions, 1);
      const [id = ''] = positionals;
      const talk = openTalk(values, usage);
      try {
        if (word === 'wait')
          return finish(talk, id, await waitFor(talk.console, id, { ...talk, isSent: false }));
        const answer = await talk.console.get(ChangeAnswer, api.change(id));
        if (values.json !== true) for (const line of answered(answer)) talk.say(line);
        return finish(talk, id, { known: { answer, readAt: now(), awaySince: null }, exitCode: 0 });
      } finally {
        talk.close();
      }
    },
  };
};

export const changeDeploy = asks('deploy');
export const changeRollback = asks('rollback');
export const changeShift = asks('shift');
export const changeScale = asks('scale');
export const changeRestart = asks('restart');
export const changeSetEnv = asks('set-env');
export const changeBackup = asks('backup');
export const changeEndSession = asks('end-session');
export const changeRestore = asks('restore');
export const changeShow = looks('show', 'Print how a change stands');
export const changeWait = looks('wait', 'Follow a change until it ends; exit codes as with --wait');
