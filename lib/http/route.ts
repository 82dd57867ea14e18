import 'server-only';
import { z } from 'zod';
import type { Caller, Permission, Person, TokenScope } from '@/lib/access/model';
import { OpsError } from '@/lib/core/errors';
import { newId } from '@/lib/core/ids';
import { logger } from '@/lib/core/log';
import { histogram } from '@/lib/core/metrics';
import { monotonicMs } from '@/lib/core/time';
import { readJson, readQuery, refuseUnstorable } from './body';
import { identify, ownServices, type RouteServices } from './caller';
import { type Answer, once, readKey, requestHash } from './idempotency';
import { isWrite } from './origin';
import { fieldsOf, toOpsError, toProblem } from './problem';
import type { RouteContract } from './registry';

/** Contracts are of zod/mini, which has no words of its own: what is wrong with a request is said in English. */
z.config(z.locales.en());

type Schema = z.core.$ZodType | null | undefined;
type Parsed<S extends Schema> = S extends z.core.$ZodType ? z.output<S> : undefined;
type Audience = 'signed-in' | 'public';
type Scope = TokenScope | undefined;

export type RouteOptions<
  I extends Schema,
  P extends Schema,
  Q extends Schema,
  A extends Audience,
  T extends Scope = undefined,
> = {
  /** One sentence for the OpenAPI document. */
  summary?: string;
  audience: A;
  /** What the person must be allowed to do; reading the console needs none. */
  permission?: Permission | null;
  /** The scope with which a token may ask too; without it the route is for people alone. */
  tokens?: T;
  /** Schema of the JSON body; null where there is none. */
  input: I;
  params?: P;
  query?: Q;
  /** Schema of the answer; null when the handler makes its own Response (streams, files). */
  output: z.core.$ZodType | null;
  /** Status of a good answer; 200 when absent. */
  status?: number;
  handler: (call: Call<I, P, Q, A, T>) => Promise<unknown>;
};

export type Call<
  I extends Schema,
  P extends Schema,
  Q extends Schema,
  A extends Audience,
  T extends Scope = undefined,
> = {
  actor: A extends 'public' ? null : T extends TokenScope ? Caller : Person;
  input: Parsed<I>;
  params: Parsed<P>;
  query: Parsed<Q>;
  requestId: string;
  signal: AbortSignal;
  request: Request;
};

type NextContext = { params: Promise<Record<string, string | string[] | undefined> | undefined> };
export type RouteHandler = ((request: Request, context: NextContext) => Promise<Response>) & {
  contract: RouteContract;
};

const noStore = { 'Cache-Control': 'private, no-store', Vary: 'Cookie, Authorization' };

/**
 * The one wrapper of all API routes: session, actor, limits, parse, same origin, idempotency, call, answer.
 * Errors become problem+json (RFC 9457), each request one JSON log line; nothing that was typed is logged.
 */
export function route<
  const A extends Audience,
  I extends Schema,
  P extends Schema = undefined,
  Q extends Schema = undefined,
  const T extends Scope = undefined,
>(options: RouteOptions<I, P, Q, A, T>, using: RouteServices = ownServices): RouteHandler {
  const handle = async (request: Request, context: NextContext): Promise<Response> => {
    const seen: Seen = {
      requestId: newId(),
      startedMs: monotonicMs(),
      route: new URL(request.url).pathname,
      actor: null,
    };
    try {
      // Next gives a route without dynamic segments no params at all.
      const rawParams = (await context.params) ?? {};
      seen.route = templateOf(seen.route, rawParams);
      const response = await answerTo(request, rawParams, options, using, seen);
      report(request, response.status, seen, null);
      return response;
    } catch (error) {
      const problem = toProblem(error, seen.requestId);
      report(request, problem.status, seen, error);
      return Response.json(problem, {
        status: problem.status,
        headers: {
          ...noStore,
          ...retryAfter(problem.status),
          'X-Request-Id': seen.requestId,
          'Content-Type': 'application/problem+json',
        },
      });
    }
  };
  return Object.assign(handle, { contract: contractOf(options) });
}

type Seen = { requestId: string; startedMs: number; route: string; actor: string | null };

async function answerTo<
  I extends Schema,
  P extends Schema,
  Q extends Schema,
  A extends Audience,
  T extends Scope,
>(
  request: Request,
  rawParams: Record<string, string | string[] | undefined>,
  options: RouteOptions<I, P, Q, A, T>,
  using: RouteServices,
  seen: Seen,
): Promise<Response> {
  const url = new URL(request.url);
  const actor = options.audience === 'public' ? null : await identify(request, options, using, seen);
  const body = options.input ? await readJson(request) : undefined;
  const raw = { params: rawParams, query: readQuery(url), input: body };
  refuseUnstorable(raw);
  const call = callOf<I, P, Q, A, T>({
    actor,
    params: options.params ? parsePath(options.params, raw.params) : undefined,
    query: options.query ? parse(options.query, raw.query, 'query') : undefined,
    input: options.input ? parse(options.input, raw.input, 'body') : undefined,
    requestId: seen.requestId,
    signal: request.signal,
    request,
  });
  if (actor === null || !isWrite(request.method)) return respond(await perform(options, call), seen);
  const keyed = {
    actor: actor.id,
    key: readKey(request),
    route: `${request.method} ${seen.route}`,
    requestHash: requestHash(request.method, url, body),
  };
  const answer = await once(using.db(), keyed, () => settle(perform(options, call), seen));
  return respond(answer, seen, answer.repeated);
}

/** The only cast: an absent schema parses to undefined, and who the actor may be is what `identify` let in. */
function callOf<I extends Schema, P extends Schema, Q extends Schema, A extends Audience, T extends Scope>(
  call: Call<never, never, never, Audience> | Record<keyof Call<I, P, Q, A, T>, unknown>,
): Call<I, P, Q, A, T> {
  return call as Call<I, P, Q, A, T>;
}

function parse(schema: z.core.$ZodType, value: unknown, where: 'query' | 'body'): unknown {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  const [first] = fieldsOf(parsed.error);
  const named = first === undefined || first.path === '' ? '' : ` ${first.path}:`;
  throw new OpsError('invalid', `The ${where} is not valid:${named} ${first?.message ?? 'unknown reason'}.`, {
    next: 'Correct the named fields.',
    fields: fieldsOf(parsed.error),
  });
}

/** A path that cannot name anything names nothing: 404. */
function parsePath(schema: z.core.$ZodType, value: unknown): unknown {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  throw new OpsError('not-found', 'There is nothing at this address.', { fields: fieldsOf(parsed.error) });
}

async function perform<
  I extends Schema,
  P extends Schema,
  Q extends Schema,
  A extends Audience,
  T extends Scope,
>(options: RouteOptions<I, P, Q, A, T>, call: Call<I, P, Q, A, T>): Promise<Answer> {
  const result = await options.handler(call);
  if (options.output === null || result instanceof Response)
    return { status: options.status ?? 200, body: result };
  const parsed = z.safeParse(options.output, result);
  if (parsed.success) return { status: options.status ?? 200, body: parsed.data };
  throw new Error(`The answer does not fit its contract: ${JSON.stringify(fieldsOf(parsed.error))}`);
}

/** An error of a write as an answer that can be kept and repeated; those of the database and of us are thrown on. */
async function settle(work: Promise<Answer>, seen: Seen): Promise<Answer> {
  try {
    return await work;
  } catch (error) {
    const problem = toProblem(error, seen.requestId);
    if (problem.status >= 500 || problem.status === 429) throw error;
    return { status: problem.status, body: problem };
  }
}

function respond({ status, body }: Answer, seen: Seen, repeated = false): Response {
  if (body instanceof Response) {
    if (!body.headers.has('Cache-Control')) body.headers.set('Cache-Control', noStore['Cache-Control']);
    body.headers.set('X-Request-Id', seen.requestId);
    return body;
  }
  const headers = {
    ...noStore,
    'X-Request-Id': seen.requestId,
    'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json',
    ...(repeated ? { 'Idempotency-Replayed': 'true' } : {}),
  };
  return status === 204
    ? new Response(null, { status, headers })
    : Response.json(body ?? null, { status, headers });
}

const retryAfter = (status: number): Record<string, string> =>
  status === 429 || status === 503 ? { 'Retry-After': '5' } : {};

/** `/api/v1/changes/[change]`: the path with its parameters by name, so that metrics and logs stay few. */
function templateOf(pathname: string, params: Record<string, string | string[] | undefined>): string {
  const names = new Map(
    Object.entries(params).flatMap(([name, value]) =>
      typeof value === 'string' ? [[value, name] as const] : [],
    ),
  );
  const segments = pathname.split('/').map((segment) => names.get(decoded(segment)) ?? null);
  return pathname
    .split('/')
    .map((segment, index) => (segments[index] === null ? segment : `[${segments[index]}]`))
    .join('/');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function report(request: Request, status: number, seen: Seen, error: unknown): void {
  const seconds = (monotonicMs() - seen.startedMs) / 1000;
  histogram({
    name: 'signalbox_http_request_seconds',
    help: 'API requests of the web process',
    labels: ['method', 'route', 'status'],
  })
    .labels(request.method, seen.route, String(status))
    .observe(seconds);
  const line = {
    requestId: seen.requestId,
    method: request.method,
    route: seen.route,
    status,
    ms: Math.round(seconds * 1000),
    actor: seen.actor,
  };
  const log = logger('web');
  if (error === null) log.info(line, 'request');
  else if (status >= 500) log.error({ ...line, code: toOpsError(error).code, err: error }, 'request');
  else log.info({ ...line, code: toOpsError(error).code }, 'request');
}

function contractOf<
  I extends Schema,
  P extends Schema,
  Q extends Schema,
  A extends Audience,
  T extends Scope,
>(options: RouteOptions<I, P, Q, A, T>): RouteContract {
  return {
    summary: options.summary,
    audience: options.audience,
    permission: options.permission ?? null,
    tokens: options.tokens ?? null,
    input: options.input ?? null,
    params: options.params ?? undefined,
    query: options.query ?? undefined,
    output: options.output,
    status: options.status ?? 200,
  };
}
