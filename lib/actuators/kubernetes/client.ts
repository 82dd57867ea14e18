import 'server-only';
import { request } from 'undici';
import type { z } from 'zod';
import { sleep } from '@/lib/core/time';
import { allowances, type Budget, Pace } from './budget';
import { type ClusterAccess, type Connection, connectCluster } from './connection';
import { ClusterError, failureOf, isClusterError } from './error';
import { StatusObject } from './schema';

export type Call = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | undefined>;
  headers?: Record<string, string>;
  body?: unknown;
  /** The answer is text and no JSON, as that of a pod's log is. */
  isText?: boolean;
};

/** `auditId` names this request in the cluster's own audit log. */
export type Answer = { status: number; body: unknown; auditId: string | null };

export type ClusterClient = {
  id: string;
  call: (call: Call) => Promise<Answer>;
  get: <T extends z.ZodType>(schema: T, path: string, query?: Call['query']) => Promise<z.output<T>>;
  close: () => Promise<void>;
};

export type ClusterOptions = {
  id: string;
  access: ClusterAccess;
  /** Folder that relative file names start at. */
  folder: string;
  timeoutSeconds: number;
  userAgent: string;
  /** What the calls are made from; `advance` when absent. */
  budget?: Budget;
  /** The clock of the pace, milliseconds; this process' own when absent. */
  nowMs?: () => number;
};

/**
 * A client of one cluster with one account and one budget. It connects with the first call, and again after a failed
 * load. While the server wants no call (429 with Retry-After) none is sent: it throws `busy` with the time that is left.
 */
export function clusterClient(options: ClusterOptions): ClusterClient {
  const allowance = allowances[options.budget ?? 'advance'];
  const pace = new Pace(allowance, options.nowMs);
  let connection: Promise<Connection> | null = null;
  const connected = () => {
    connection ??= connectCluster(options.access, options.folder, allowance.connections).catch(
      (error: unknown) => {
        connection = null;
        throw error;
      },
    );
    return connection;
  };
  const call = async (made: Call) => {
    const open = await connected();
    const closed = pace.closedSeconds();
    if (closed > 0) throw stillClosed(options.id, made, closed);
    const turnMs = pace.take();
    if (turnMs > 0) await sleep(turnMs);
    try {
      return await send(open, options, made);
    } catch (error) {
      if (isClusterError(error, 'busy') && error.retryAfterSeconds !== null)
        pace.close(error.retryAfterSeconds);
      throw error;
    }
  };
  return {
    id: options.id,
    call,
    get: async (schema, path, query) => {
      const answer = await call({ method: 'GET', path, ...(query === undefined ? {} : { query }) });
      const parsed = schema.safeParse(answer.body);
      if (parsed.success) return parsed.data;
      throw new ClusterError(
        'bad-response',
        `${options.id} answered GET ${path} with an unexpected object.`,
        {
          cause: parsed.error,
        },
      );
    },
    close: async () => {
      const open = await connection?.catch(() => null);
      await open?.close();
    },
  };
}

const stillClosed = (id: string, { method, path }: Call, seconds: number): ClusterError =>
  new ClusterError(
    'busy',
    `${id} wants no ${method} ${path} for another ${Math.ceil(seconds)} s: it has too many requests.`,
    { status: 429, retryAfterSeconds: seconds },
  );

/** Tells both budgets apart in the cluster's own logs and rules. */
const agentOf = ({ userAgent, budget }: ClusterOptions, { headers }: Call): string =>
  `${headers?.['user-agent'] ?? userAgent}${budget === 'way-back' ? ' way-back' : ''}`;

async function send(connection: Connection, options: ClusterOptions, call: Call): Promise<Answer> {
  const url = new URL(connection.server + call.path);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const timeoutMs = options.timeoutSeconds * 1000;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await request(url, {
      method: call.method,
      dispatcher: connection.dispatcher,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal,
      headers: {
        accept: call.isText === true ? '*/*' : 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(await connection.credentials()),
        ...call.headers,
        'user-agent': agentOf(options, call),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    const text = await response.body.text();
    const auditId = response.headers['audit-id'];
    if (response.statusCode >= 300)
      throw refusal(options.id, call, response.statusCode, text, response.headers);
    const body = call.isText === true ? text : parse(options.id, call, text);
    return { status: response.statusCode, body, auditId: one(auditId) };
  } catch (cause) {
    if (cause instanceof ClusterError) throw cause;
    if (signal.aborted || /Timeout/.test(cause instanceof Error ? cause.name : '')) {
      throw new ClusterError(
        'timeout',
        `${options.id} did not answer ${call.method} ${call.path} within ${options.timeoutSeconds} s.`,
        { cause },
      );
    }
    throw new ClusterError('unreachable', `${options.id} cannot be reached (${call.method} ${call.path}).`, {
      cause,
    });
  }
}

const one = (header: string | string[] | undefined): string | null =>
  (Array.isArray(header) ? header[0] : header) ?? null;

function parse(cluster: string, call: Call, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ClusterError('bad-response', `${cluster} answered ${call.method} ${call.path} with no JSON.`, {
      cause,
    });
  }
}

/** The error of a status; its message carries the server's words and the fields it names. */
function refusal(
  cluster: string,
  call: Call,
  status: number,
  text: string,
  headers: Record<string, string | string[] | undefined>,
): ClusterError {
  const body = StatusObject.safeParse(safeJson(text));
  const words = body.success ? body.data.message : text.trim().slice(0, 200);
  const retryAfter = Number(one(headers['retry-after']));
  return new ClusterError(
    failureOf(status, body.success ? body.data.reason : ''),
    `${cluster} answered ${status} to ${call.method} ${call.path.split('/').slice(-2).join('/')}: ${words}`,
    { status, retryAfterSeconds: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null },
  );
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
