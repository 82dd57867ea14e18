import { z } from 'zod';
import { isOpsError, messageOf, OpsError } from '@/lib/core/errors';
import { newId } from '@/lib/core/ids';
import { monotonicMs, now, sleep } from '@/lib/core/time';
import { Problem } from '@/lib/http/contract';

const CALL_MS = 30_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const FAILURES_MOST = 4;

export type ConsoleOptions = {
  /** Told once when the console stops answering, and once when it answers again. */
  onTrouble?: (sentence: string) => void;
  /** For how long a request is tried again. */
  patienceMs: number;
};

/** The request is tried again: nobody answered, or the answer says that later ones may differ. */
class NotNow extends Error {
  readonly afterMs: number;
  /** The console itself failed, which it will hardly stop doing: what to say when it stays so. */
  readonly failure: OpsError | null;
  constructor(message: string, afterMs = 0, failure: OpsError | null = null) {
    super(message);
    this.afterMs = afterMs;
    this.failure = failure;
  }
}

/**
 * A console over HTTP, as pipelines see it: a token, and nothing of the install. A restart of the web, a network
 * that fails and an overloaded console are waited for; a write carries one Idempotency-Key through all tries, so that
 * a lost answer never makes it happen twice.
 */
export class Console {
  readonly #base: URL;
  readonly #token: string;
  readonly #onTrouble: (sentence: string) => void;
  readonly #patienceMs: number;
  #away: { since: Date; isTold: boolean } | null = null;

  constructor(base: URL, token: string, options: ConsoleOptions) {
    this.#base = base;
    this.#token = token;
    this.#onTrouble = options.onTrouble ?? (() => {});
    this.#patienceMs = options.patienceMs;
  }

  /** The address of a page or route of this console. */
  url(path: string): string {
    return new URL(path, this.#base).href;
  }

  /** Since when the console has not answered, by the first request that it left open; null while it answers. */
  get awaySince(): Date | null {
    return this.#away?.since ?? null;
  }

  /** Throws OpsError: what the console refused with, or `unavailable` when it did not answer for too long. */
  get<S extends z.core.$ZodType>(
    schema: S,
    path: string,
    signal?: AbortSignal,
    patienceMs?: number,
  ): Promise<z.output<S>> {
    return this.#ask(schema, path, { method: 'GET' }, patienceMs, signal);
  }

  /** Like `get`. It is not cut off: whether a write took place must be known. */
  post<S extends z.core.$ZodType>(schema: S, path: string, body: unknown): Promise<z.output<S>> {
    return this.#ask(schema, path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'idempotency-key': newId() },
    });
  }

  async #ask<S extends z.core.$ZodType>(
    schema: S,
    path: string,
    init: RequestInit,
    patienceMs = this.#patienceMs,
    signal?: AbortSignal,
  ): Promise<z.output<S>> {
    const until = monotonicMs() + patienceMs;
    let failures = 0;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const askedAt = now();
      try {
        const answer = await this.#once(path, init, signal);
        this.#recovered();
        return this.#read(schema, path, answer);
      } catch (error) {
        if (!(error instanceof NotNow)) throw error;
        signal?.throwIfAborted();
        this.#away ??= { since: askedAt, isTold: false };
        failures += error.failure === null ? 0 : 1;
        if (error.failure !== null && failures >= FAILURES_MOST) throw error.failure;
        if (monotonicMs() >= until) {
          throw new OpsError(
            'unavailable',
            `The console at ${this.#base.origin} does not answer: ${error.message}`,
            {
              next:
                init.method === 'GET'
                  ? 'Check SIGNALBOX_URL and the network.'
                  : 'Check SIGNALBOX_URL and the network. Whether the request arrived is not known: look at the list of changes before asking again.',
            },
          );
        }
        this.#troubled(error.message);
        const wanted = Math.max(error.afterMs, pauseMs * (0.5 + Math.random() / 2));
        await sleep(Math.min(wanted, Math.max(0, until - monotonicMs())), signal);
        signal?.throwIfAborted();
      }
    }
  }

  async #once(path: string, init: RequestInit, signal?: AbortSignal): Promise<unknown> {
    const limit = AbortSignal.timeout(CALL_MS);
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.url(path), {
        ...init,
        headers: { accept: 'application/json', authorization: `Bearer ${this.#token}`, ...init.headers },
        redirect: 'manual',
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      });
      text = await response.text();
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new NotNow(reasonOf(error));
    }
    if (response.ok) return parseJson(text);
    throw refusal(response, text, this.#base);
  }

  #read<S extends z.core.$ZodType>(schema: S, path: string, answer: unknown): z.output<S> {
    const parsed = z.safeParse(schema, answer);
    if (parsed.success) return parsed.data;
    throw new OpsError('internal', `The console answered ${path} in a form this command does not know.`, {
      next: 'Use the command of the version that the console runs, and check that SIGNALBOX_URL is its address.',
    });
  }

  #troubled(reason: string): void {
    if (this.#away === null || this.#away.isTold) return;
    this.#away.isTold = true;
    this.#onTrouble(`The console does not answer (${reason}). Trying again.`);
  }

  #recovered(): void {
    if (this.#away?.isTold === true) this.#onTrouble('The console answers again.');
    this.#away = null;
  }
}

/** An answer that is no success, as what to throw. */
function refusal(response: Response, text: string, base: URL): Error {
  const problem = Problem.safeParse(parseJson(text)).data;
  const { status } = response;
  if (status >= 300 && status < 400) {
    return new OpsError(
      'invalid',
      `${base.origin} sends elsewhere, to ${response.headers.get('location') ?? 'nowhere'}.`,
      {
        next: 'Set SIGNALBOX_URL to the address that the console itself is reached by.',
      },
    );
  }
  if (status === 429 || status >= 500 || (problem?.retryable === true && status === 409)) {
    const seconds = Number(response.headers.get('retry-after') ?? 0);
    const reason = problem?.detail ?? `status ${status}`;
    const afterMs = Number.isFinite(seconds) ? seconds * 1000 : 0;
    return new NotNow(reason, afterMs, problem?.code === 'internal' ? refusedWith(problem) : null);
  }
  if (problem === undefined) {
    return new OpsError('internal', `${base.origin} answered ${status}, and not as a console does.`, {
      next: 'Check SIGNALBOX_URL.',
    });
  }
  return refusedWith(problem);
}

const refusedWith = ({ code, detail, next, fields, requestId }: Problem): OpsError =>
  new OpsError(code, code === 'internal' ? `${detail} Request ${requestId}.` : detail, {
    ...(next === undefined ? {} : { next }),
    fields,
  });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What fetch says of a failure is "fetch failed"; what happened is in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (isOpsError(cause)) return cause.message;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : messageOf(cause);
}
