import type { ServerResponse } from 'node:http';
import { ApiError } from '../api-error';
import type { JsonObject, KubeObject } from '../store';

/** What a handler answers: a text, or a stream that it writes itself. */
export type Reply =
  | { kind: 'text'; status: number; body: string; headers: { [name: string]: string }; object?: KubeObject }
  | { kind: 'stream'; start: (response: ServerResponse) => void };

/** JSON text with status 200 unless said otherwise; `object` is what was written, for the write log. */
export function json(body: string | JsonObject, status = 200, object?: KubeObject): Reply {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { 'content-type': 'application/json' };
  return { kind: 'text', status, body: text, headers, ...(object ? { object } : {}) };
}

/** text/plain, as health checks and the few answers that are not a Status use it. */
export function plainText(body: string, status = 200, headers: { [name: string]: string } = {}): Reply {
  const common = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
  return { kind: 'text', status, body, headers: { ...common, ...headers } };
}

/** The Status body of an error; anything that is no ApiError is a defect of this server and answers 500. */
export function errorReply(error: unknown): Reply {
  if (!(error instanceof ApiError)) {
    console.error('kubernetes api:', error);
    const message = error instanceof Error ? error.message : String(error);
    return errorReply(new ApiError(500, 'InternalError', `Internal error occurred: ${message}`));
  }
  const reply = json(error.status(), error.code);
  const retry = error.details?.retryAfterSeconds;
  if (retry !== undefined && reply.kind === 'text') reply.headers['retry-after'] = String(retry);
  if (error.code === 403 && reply.kind === 'text') reply.headers['x-content-type-options'] = 'nosniff';
  return reply;
}
