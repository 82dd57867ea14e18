import 'server-only';
import { OpsError } from '@/lib/core/errors';
import { RequestRefused } from './problem';

export const BODY_MAX_BYTES = 1_000_000;
const DEPTH_MAX = 32;
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * The JSON body of a request: at most 1 MB, counted while it arrives, at most 32 levels deep, without keys that
 * reach a prototype and without text that the database cannot hold. An empty body is undefined.
 */
export async function readJson(request: Request): Promise<unknown> {
  const text = await readText(request, BODY_MAX_BYTES);
  if (text.trim() === '') return undefined;
  requireJson(request);
  refuseDeep(text);
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (forbiddenKeys.has(key))
        throw new RequestRefused(400, 'invalid', `The key ${key} is not allowed in a body.`);
      return value;
    });
  } catch (error) {
    if (error instanceof RequestRefused) throw error;
    throw new RequestRefused(400, 'invalid', 'The body is not valid JSON.', {
      next: 'Send one JSON document in UTF-8.',
    });
  }
}

function requireJson(request: Request): void {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (type === 'application/json' && encoding === 'identity') return;
  throw new RequestRefused(415, 'invalid', 'Only uncompressed application/json is accepted.', {
    next: 'Send the header Content-Type: application/json.',
  });
}

/** The body as text, counted while it arrives. Throws RequestRefused 413 above `maxBytes`, 400 when it is not UTF-8. */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null) return '';
  const reader = request.body.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let bytes = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes += part.value.byteLength;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      text += decoder.decode(part.value, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    await reader.cancel().catch(() => {});
    if (error instanceof RequestRefused) throw error;
    throw new RequestRefused(400, 'invalid', 'The body could not be read as UTF-8 text.');
  }
}

const tooLarge = (maxBytes: number) =>
  new RequestRefused(
    413,
    'invalid',
    `The body is larger than ${maxBytes >= 1_000_000 ? `${maxBytes / 1_000_000} MB` : `${maxBytes / 1000} kB`}.`,
    { next: 'Send less at once.' },
  );

/** Counts brackets outside strings before parsing, so that the parser never sees a deep document. */
function refuseDeep(text: string): void {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (quoted) {
      if (character === '\\') index += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth > DEPTH_MAX)
      throw new RequestRefused(400, 'invalid', `The body is nested deeper than ${DEPTH_MAX} levels.`);
  }
}

/** PostgreSQL holds neither NUL nor lone surrogates; refused here they are a clear error and not a failed query. */
export function refuseUnstorable(value: unknown, path = ''): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) {
      throw new OpsError('invalid', 'A text of the request holds characters that cannot be stored.', {
        fields: [{ path, message: 'must not hold NUL characters or broken Unicode' }],
      });
    }
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      refuseUnstorable(item, `${path}[${index}]`);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      refuseUnstorable(key, path);
      refuseUnstorable(member, path === '' ? key : `${path}.${key}`);
    }
  }
}

/** Query parameters as an object; one that is given twice is an error, since readers disagree on which one counts. */
export function readQuery(url: URL): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [key, value] of url.searchParams) {
    if (forbiddenKeys.has(key)) throw new OpsError('invalid', `The query parameter ${key} is not allowed.`);
    if (Object.hasOwn(query, key)) {
      throw new OpsError('invalid', 'A query parameter is given twice.', {
        fields: [{ path: key, message: 'is given more than once' }],
      });
    }
    query[key] = value;
  }
  return query;
}
