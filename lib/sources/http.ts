import 'server-only';
import type { Readable } from 'node:stream';
import { request } from 'undici';
import type { HttpSource } from '@/lib/config/sources';
import { isOpsError } from '@/lib/core/errors';
import { agentOf, headersOf } from './agent';
import { AnswerTooLarge, SourceError, transportError } from './source-error';

/** Above this an answer is refused: no page of ours can show it, and it would fill the process. */
const maxBytes = 10 * 1024 * 1024;

export type SourceRequest = {
  path: string;
  query?: Record<string, string | string[] | undefined>;
  /** Sent as a POST form instead of a GET. */
  form?: Record<string, string | undefined>;
  /** Asks for the headers of the answer alone. */
  isHead?: boolean;
  /** Of this request alone; they come after the source's own and replace them. */
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** What people call the server, e.g. `Prometheus metrics`. */
  name: string;
};
export type SourceAnswer = {
  status: number;
  text: string;
  contentType: string;
  /** A header by its name in lower case; repeated ones are joined as RFC 9110 has it. */
  header: (name: string) => string | undefined;
};

/** The URL of a path below the source's own prefix. */
export function sourceUrl(source: HttpSource, path: string, query: SourceRequest['query'] = {}): URL {
  const url = new URL(source.url);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) url.searchParams.append(name, one);
    }
  }
  return url;
}

function formBody(form: Record<string, string | undefined>): string {
  const set = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(set).toString();
}

async function readText(body: Readable, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > maxBytes) {
      body.destroy();
      throw new AnswerTooLarge('bad-response', `${name} answered with more than 10 MB; ask for less.`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * One request to an HTTP source. Any status is returned as it came; redirects are not followed. Throws
 * SourceError for what went wrong below HTTP, and the signal's own reason when the caller aborted.
 */
export async function sourceFetch(source: HttpSource, ask: SourceRequest): Promise<SourceAnswer> {
  const timeout = AbortSignal.timeout(source.timeout * 1000);
  const signal = ask.signal === undefined ? timeout : AbortSignal.any([ask.signal, timeout]);
  try {
    const headers: Record<string, string> = {
      accept: 'application/json',
      ...headersOf(source),
      ...ask.headers,
    };
    if (ask.form !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded';
    const answer = await request(sourceUrl(source, ask.path, ask.query), {
      method: ask.isHead === true ? 'HEAD' : ask.form === undefined ? 'GET' : 'POST',
      headers,
      body: ask.form === undefined ? null : formBody(ask.form),
      dispatcher: agentOf(source),
      signal,
      headersTimeout: source.timeout * 1000,
      bodyTimeout: source.timeout * 1000,
    });
    const text = await readText(answer.body, ask.name);
    const type = answer.headers['content-type'];
    return {
      status: answer.statusCode,
      text,
      contentType: (Array.isArray(type) ? type[0] : type) ?? '',
      header: (name) => {
        const value = answer.headers[name];
        return Array.isArray(value) ? value.join(', ') : value;
      },
    };
  } catch (error) {
    if (ask.signal?.aborted) throw error;
    if (isOpsError(error)) throw new SourceError('not-configured', error.message, { cause: error });
    throw transportError(timeout.aborted ? timeout.reason : error, ask.name, source.timeout);
  }
}

/** Parses JSON; a body that is none is a bad response of the server. */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SourceError('bad-response', `${name} answered with something that is not JSON.`, { cause });
  }
}
