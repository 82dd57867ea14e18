import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Account, Identity } from '../access/identity';
import { ApiError } from '../api-error';
import type { ActiveFault, FaultAction, FaultTable } from '../faults';
import type { WriteLog } from '../write-log';
import { accessDenied, authenticate, impersonation, type SignedIn } from './authenticate';
import type { ApiContext } from './context';
import { mayRead, pathDenied } from './discovery';
import { currentVersion, effectOf, recordWrite } from './record';
import { errorReply, plainText, type Reply } from './reply';
import { type ApiRequest, parseRequest } from './request';
import { route } from './router';

const gzipAsync = promisify(gzip);

/** The API server compresses answers above this size when the client accepts it. */
const GZIP_FROM_BYTES = 128 * 1024;
/** Upper limit of a request body on a real API server. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

const WRITE_METHODS = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const REQUEST_FAULTS = [
  'delay',
  'cut',
  'duplicate',
  'too-many-requests',
  'status',
] as const satisfies FaultAction['kind'][];

export type ServerParts = { ctx: ApiContext; accounts: Account[]; faults: FaultTable; writeLog: WriteLog };

/** One request from the socket to the last byte of its answer. */
export async function handle(
  parts: ServerParts,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('audit-id', randomUUID());
  response.setHeader('cache-control', 'no-cache, private');
  const url = requestUrl(message.url ?? '/');
  const method = message.method ?? 'GET';
  const info = parseRequest(method, url);
  const body = await readBody(message);
  let signedIn: SignedIn = { account: 'unknown', identity: { user: '', groups: [], extra: {} } };
  let impersonated: Identity | null = null;
  const base = { method, info, query: url.searchParams, headers: message.headers, body, effect: null };
  let request: ApiRequest = { ...base, account: 'unknown', identity: signedIn.identity, impersonated };
  const acted: ActiveFault[] = [];
  let reply: Reply | 'cut';
  try {
    if (body.length > MAX_BODY_BYTES) {
      throw new ApiError(413, 'RequestEntityTooLarge', `limit is ${MAX_BODY_BYTES}`);
    }
    signedIn = authenticate(parts.accounts, message);
    request = { ...base, account: signedIn.account, identity: signedIn.identity, impersonated };
    const { 'user-agent': userAgent = '' } = message.headers;
    const seen = { method, path: info.path, account: signedIn.account, userAgent };
    acted.push(...parts.faults.take(seen, faultsFor(method, url)));
    impersonated = impersonation(parts.ctx, signedIn, message, info);
    request = { ...request, identity: impersonated ?? signedIn.identity, impersonated };
    reply = await withFaults(parts, request, acted);
  } catch (error) {
    reply = errorReply(error);
  }
  // A write that was carried out twice has an entry of its own for the first time already.
  if (WRITE_METHODS.has(method)) recordWrite(parts.ctx, parts.writeLog, request, reply, acted);
  if (reply === 'cut') {
    message.socket.destroy();
    return;
  }
  await send(message, response, reply);
}

/** The target of the request line, slashes and all; one that is no path is looked for where nothing is. */
function requestUrl(target: string): URL {
  const text = `https://localhost${target}`;
  return target.startsWith('/') && URL.canParse(text) ? new URL(text) : new URL('https://localhost/-');
}

function faultsFor(method: string, url: URL): FaultAction['kind'][] {
  const kinds: FaultAction['kind'][] = [...REQUEST_FAULTS];
  if (WRITE_METHODS.has(method)) kinds.push('freeze-writes');
  if (url.searchParams.has('watch')) kinds.push('drop-watch', 'expire-watch');
  return kinds;
}

/** The request's way through the faults: refusals first, then the work, then what happens to the answer. */
async function withFaults(
  parts: ServerParts,
  request: ApiRequest,
  acted: ActiveFault[],
): Promise<Reply | 'cut'> {
  const action = <K extends FaultAction['kind']>(kind: K): Extract<FaultAction, { kind: K }> | undefined => {
    for (const fault of acted) if (isKind(fault.action, kind)) return fault.action;
    return undefined;
  };
  const delay = action('delay');
  if (delay) await sleep(delay.ms);
  const busy = action('too-many-requests');
  if (busy) {
    const headers = { 'retry-after': String(busy.seconds ?? 1) };
    return plainText('Too many requests, please try again later.\n', 429, headers);
  }
  const status = action('status');
  if (status)
    return errorReply(
      new ApiError(
        status.code,
        status.reason,
        status.message ?? 'the server is not able to handle the request',
      ),
    );
  const cut = action('cut');
  if (cut?.when === 'before-commit') return 'cut';
  const frozen = action('freeze-writes');
  if (frozen) return freeze(parts, request, frozen);
  const first = await work(parts.ctx, request);
  if (action('duplicate')) {
    if (WRITE_METHODS.has(request.method)) recordWrite(parts.ctx, parts.writeLog, request, first, acted);
    return work(parts.ctx, request);
  }
  if (cut?.when === 'after-commit') return 'cut';
  return watchFaults(first, action('drop-watch'), action('expire-watch') !== undefined);
}

function isKind<K extends FaultAction['kind']>(
  action: FaultAction,
  kind: K,
): action is Extract<FaultAction, { kind: K }> {
  return action.kind === kind;
}

/** etcd stands still: the write is answered 504 after the wait, and may or may not have happened. */
async function freeze(
  parts: ServerParts,
  request: ApiRequest,
  action: Extract<FaultAction, { kind: 'freeze-writes' }>,
): Promise<Reply> {
  const asked = /^(\d+(?:\.\d+)?)s$/.exec(request.query.get('timeout') ?? '');
  await sleep(asked ? Math.min(action.waitMs, Number(asked[1]) * 1000) : action.waitMs);
  if (action.applied === true) await work(parts.ctx, request);
  return errorReply(
    new ApiError(
      504,
      'Timeout',
      'Timeout: request did not complete within the allotted timeout - context deadline exceeded',
      {},
    ),
  );
}

function watchFaults(
  reply: Reply,
  drop: Extract<FaultAction, { kind: 'drop-watch' }> | undefined,
  expire: boolean,
): Reply {
  if (reply.kind !== 'stream') return reply;
  if (expire) {
    return {
      kind: 'stream',
      start: (response) => {
        const error = new ApiError(410, 'Expired', 'too old resource version');
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(`{"type":"ERROR","object":${JSON.stringify(error.status())}}\n`);
      },
    };
  }
  if (!drop) return reply;
  return {
    kind: 'stream',
    start: (response) => {
      reply.start(response);
      setTimeout(() => (drop.clean ? response.end() : response.destroy()), drop.afterMs ?? 0);
    },
  };
}

/** Authorisation and the work itself; errors become their Status answers. */
async function work(ctx: ApiContext, request: ApiRequest): Promise<Reply> {
  const before = currentVersion(ctx, request);
  let reply: Reply;
  try {
    checkAccess(ctx, request);
    reply = await route(ctx, request);
  } catch (error) {
    reply = errorReply(error);
  }
  request.effect = effectOf(ctx, request, before, reply);
  return reply;
}

function checkAccess(ctx: ApiContext, request: ApiRequest): void {
  const { identity, info } = request;
  const { resource } = info;
  if (!resource) {
    if (!mayRead(info.path, identity.groups)) throw pathDenied(identity.user, info.path);
    return;
  }
  const { verb, group, plural, subresource, namespace, name } = resource;
  const decision = ctx.authorize(identity, { verb, group, resource: plural, subresource, namespace, name });
  if (!decision.allowed) throw accessDenied(identity, resource);
}

async function send(message: IncomingMessage, response: ServerResponse, reply: Reply): Promise<void> {
  if (response.destroyed) return;
  if (reply.kind === 'stream') return reply.start(response);
  const plain = Buffer.from(reply.body, 'utf8');
  const headers: { [name: string]: string | number } = { ...reply.headers };
  const compress =
    plain.length > GZIP_FROM_BYTES && /\bgzip\b/.test(String(message.headers['accept-encoding'] ?? ''));
  const body = compress ? await gzipAsync(plain, { level: 1 }) : plain;
  if (compress) Object.assign(headers, { 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
  headers['content-length'] = body.length;
  response.writeHead(reply.status, headers);
  response.end(message.method === 'HEAD' ? undefined : body);
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const part: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += part.length;
    // The rest is read and thrown away: the answer is 413 either way.
    if (size <= MAX_BODY_BYTES + part.length) chunks.push(part);
  }
  return Buffer.concat(chunks);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
