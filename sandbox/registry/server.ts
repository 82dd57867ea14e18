import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { addressOf } from '../workload/metrics-server';
import { registryHost } from './catalogue';
import { type Answer, answer, error, html } from './routes';
import { Deed, RegistryStore } from './store';

/** One fault for every request: slow, cut without an answer, or answered with a status (429 names when to come back). */
export const RegistryFault = z.strictObject({
  refuse: z.boolean().exactOptional(),
  delayMs: z.number().min(0).max(600_000).exactOptional(),
  status: z.int().min(400).max(599).exactOptional(),
});
export type RegistryFault = z.infer<typeof RegistryFault>;

export type RegistryOptions = {
  /** On loopback; 0 takes any free one. */
  port: number;
  /** Keeps what was moved and deleted over a restart. */
  dataFile?: string;
  /** Gives tokens to this person alone; to anybody when absent. */
  credentials?: { username: string; password: string };
  /** Lets everybody in without a token. */
  open?: boolean;
};

export type RegistryServer = {
  url: string;
  store: RegistryStore;
  readonly fault: RegistryFault;
  setFault(fault: RegistryFault): void;
  /** Requests so far, as `HEAD /v2/…`. */
  readonly requests: readonly string[];
  save(): Promise<void>;
  stop(): Promise<void>;
};

const TOKEN_SECONDS = 300;
const REQUESTS_KEPT = 1000;
const RETRY_SECONDS = 30;

/** Starts an OCI distribution server with the images of the pretend production, for pulling alone. */
export async function startRegistry(options: RegistryOptions): Promise<RegistryServer> {
  const store = new RegistryStore(await readDeeds(options.dataFile));
  const tokens = new Map<string, { scope: string; until: number }>();
  const requests: string[] = [];
  let fault: RegistryFault = {};

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? registryHost}`);
    requests.push(`${request.method} ${url.pathname}`);
    if (requests.length > REQUESTS_KEPT) requests.shift();
    const { refuse, delayMs, status } = fault;
    if (delayMs !== undefined) await delay(delayMs, undefined, { ref: false });
    if (refuse === true) {
      request.destroy();
      return;
    }
    const given = status === undefined ? respond(request, url) : faulty(status);
    response.writeHead(given.status, {
      'docker-distribution-api-version': 'registry/2.0',
      'content-length': Buffer.byteLength(given.body),
      ...given.headers,
    });
    response.end(request.method === 'HEAD' ? undefined : given.body);
  };

  const respond = (request: IncomingMessage, url: URL): Answer => {
    if (url.pathname === '/token') return giveToken(request, url);
    if (!url.pathname.startsWith('/v2/')) return html(404);
    const scope = scopeOf(url.pathname);
    if (options.open !== true && !mayRead(request, scope)) return askWho(url, scope);
    return answer(store, request.method ?? 'GET', url, request.headers.accept);
  };

  const mayRead = (request: IncomingMessage, scope: string): boolean => {
    const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ');
    const known = scheme?.toLowerCase() === 'bearer' ? tokens.get(token) : undefined;
    return known !== undefined && known.until > Date.now() && (scope === '' || known.scope === scope);
  };

  const giveToken = (request: IncomingMessage, url: URL): Answer => {
    const { credentials } = options;
    const [scheme, pair = ''] = (request.headers.authorization ?? '').split(' ');
    const given = scheme?.toLowerCase() === 'basic' ? Buffer.from(pair, 'base64').toString() : null;
    if (credentials !== undefined && given !== `${credentials.username}:${credentials.password}`) {
      return error(401, 'UNAUTHORIZED', 'authentication required');
    }
    const token = randomBytes(24).toString('base64url');
    tokens.set(token, {
      scope: url.searchParams.get('scope') ?? '',
      until: Date.now() + TOKEN_SECONDS * 1000,
    });
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, expires_in: TOKEN_SECONDS, issued_at: new Date().toISOString() }),
    };
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const save = async (): Promise<void> => {
    if (options.dataFile === undefined) return;
    await writeFile(`${options.dataFile}.new`, JSON.stringify(store.deeds));
    await rename(`${options.dataFile}.new`, options.dataFile);
  };
  return {
    url: `http://${addressOf(server)}`,
    store,
    get fault() {
      return fault;
    },
    setFault: (rule) => {
      fault = rule;
    },
    requests,
    save,
    stop: async () => {
      await save();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function readDeeds(file: string | undefined): Promise<Deed[]> {
  if (file === undefined) return [];
  try {
    return z.array(Deed).parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if (typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ENOENT') return [];
    throw new Error(`The kept state of the registry, ${file}, cannot be read.`, { cause });
  }
}

const scopeOf = (path: string): string => {
  const name = /^\/v2\/(.+)\/(?:manifests|blobs|tags)\//.exec(path)?.[1];
  return name === undefined ? '' : `repository:${name}:pull`;
};

function askWho({ host }: URL, scope: string): Answer {
  const base = error(401, 'UNAUTHORIZED', 'authentication required');
  const wanted = scope === '' ? '' : `,scope="${scope}"`;
  const challenge = `Bearer realm="http://${host}/token",service="${registryHost}"${wanted}`;
  return { ...base, headers: { ...base.headers, 'www-authenticate': challenge } };
}

function faulty(status: number): Answer {
  if (status === 429) {
    const base = error(429, 'TOOMANYREQUESTS', 'too many requests');
    return { ...base, headers: { ...base.headers, 'retry-after': String(RETRY_SECONDS) } };
  }
  return status >= 500 ? html(status) : error(status, 'DENIED', 'requested access to the resource is denied');
}
