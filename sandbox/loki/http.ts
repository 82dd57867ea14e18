import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { LokiError } from './error';

/** One request as the routes see it: query string and form fields are one set of parameters. */
export type Call = {
  method: string;
  path: string;
  params: URLSearchParams;
  header: (name: string) => string | undefined;
  body: Buffer;
};

/** What a route answers; errors are thrown as LokiError. */
export type Answer = { status: number; headers: Record<string, string>; body: string };

export const json = (value: unknown, type = 'application/json; charset=UTF-8'): Answer => ({
  status: 200,
  headers: { 'content-type': type },
  body: JSON.stringify(value),
});

/** Upstream's text answers, all with nosniff. */
export const text = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  body,
});

export const noContent: Answer = { status: 204, headers: {}, body: '' };

export const notFound = (): LokiError => new LokiError(404, '404 page not found\n');

function headerOf(request: IncomingMessage): (name: string) => string | undefined {
  return (name) => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(',') : value;
  };
}

/** Reads the body up to a limit and merges form fields into the parameters. Throws LokiError 413 or 400. */
export async function readCall(request: IncomingMessage, maxBytes: number): Promise<Call> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) throw new LokiError(413, `request body too large, limit: ${maxBytes} bytes\n`);
    chunks.push(bytes);
  }
  const header = headerOf(request);
  const call = bareCall(request);
  const raw = Buffer.concat(chunks);
  const body = header('content-encoding') === 'gzip' ? inflate(raw, maxBytes) : raw;
  if (header('content-type')?.startsWith('application/x-www-form-urlencoded')) {
    for (const [name, value] of new URLSearchParams(body.toString('utf8'))) call.params.append(name, value);
  }
  return { ...call, body };
}

/** The request without its body. Throws LokiError 400 for a target that is no URL. */
export function bareCall(request: IncomingMessage): Call {
  const url = URL.parse(request.url ?? '/', 'http://loki');
  if (url === null) throw new LokiError(400, 'Bad Request\n');
  const { pathname: path, searchParams: params } = url;
  return { method: request.method ?? 'GET', path, params, header: headerOf(request), body: Buffer.alloc(0) };
}

function inflate(raw: Buffer, maxOutputLength: number): Buffer {
  try {
    return gunzipSync(raw, { maxOutputLength });
  } catch {
    throw new LokiError(400, 'gzip: invalid header\n');
  }
}

export function send(response: ServerResponse, answer: Answer): void {
  const length = answer.status === 204 ? {} : { 'content-length': String(Buffer.byteLength(answer.body)) };
  response.writeHead(answer.status, { ...answer.headers, ...length });
  response.end(answer.body);
}
