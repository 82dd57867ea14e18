import 'server-only';
import type { RequestOptions } from 'node:https';
import type { Readable } from 'node:stream';
import { KubeConfig } from '@kubernetes/client-node';
import { Agent, request } from 'undici';
import { z } from 'zod';
import type { Cluster } from '@/lib/config/sources';
import { messageOf } from '@/lib/core/errors';
import { errorCode, SourceError, statusError, transportError } from '../source-error';

type Access = Cluster['web'];

/** A cluster as one account sees it. */
export type ClusterClient = {
  id: string;
  timeoutSeconds: number;
  /** Opens a GET; the caller reads the stream. Throws SourceError, also for any status but 200. */
  open: (path: string, query: Record<string, string>, signal: AbortSignal) => Promise<Readable>;
  /** A GET of one JSON document within the cluster's time-out. */
  get: (path: string, query: Record<string, string>, signal?: AbortSignal) => Promise<unknown>;
  close: () => Promise<void>;
};

const YamlError = z.object({
  name: z.literal('YAMLException'),
  mark: z.object({ line: z.int() }).optional(),
});

/** Why a kubeconfig cannot be read. The sentence of the YAML parser shows the lines around, tokens and keys among them. */
function whyUnreadable(cause: unknown): string {
  const yaml = YamlError.safeParse(cause);
  if (!yaml.success) return messageOf(cause);
  const { mark } = yaml.data;
  return mark === undefined ? 'it is not YAML' : `it is not YAML, line ${mark.line + 1}`;
}

/** kubeconfig file and context, or the account of the pod we run in. Throws SourceError `not-configured`. */
export function kubeConfig(access: Access): KubeConfig {
  const config = new KubeConfig();
  try {
    if ('inCluster' in access) config.loadFromCluster();
    else {
      config.loadFromFile(access.kubeconfig);
      config.setCurrentContext(access.context);
    }
  } catch (cause) {
    const where = 'inCluster' in access ? 'The in-cluster account' : `The kubeconfig ${access.kubeconfig}`;
    throw new SourceError('not-configured', `${where} cannot be read (${whyUnreadable(cause)}).`);
  }
  if (config.getCurrentCluster() === null) {
    const name = 'inCluster' in access ? 'inClusterContext' : access.context;
    throw new SourceError('not-configured', `The kubeconfig has no context ${name}.`);
  }
  return config;
}

const Status = z.object({ kind: z.literal('Status'), message: z.string().optional() });

/** The sentence of a Status body; other bodies (a proxy's page, plain text of 429) say nothing useful. */
function statusText(body: string): string | undefined {
  try {
    const parsed = Status.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data.message : undefined;
  } catch {
    return undefined;
  }
}

async function readAll(body: Readable, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > limit) throw new SourceError('bad-response', 'The cluster answered with more than 10 MB.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const Credentials = z.object({
  headers: z.record(z.string(), z.unknown()).optional(),
  ca: z.instanceof(Buffer).optional(),
  cert: z.instanceof(Buffer).optional(),
  key: z.instanceof(Buffer).optional(),
  rejectUnauthorized: z.boolean().optional(),
  servername: z.string().optional(),
});
type Credentials = z.infer<typeof Credentials>;

/**
 * Asked anew for each request, so that a rotated token or certificate is used. Throws SourceError `not-configured`
 * when a file or a command that the kubeconfig names does not give them.
 */
async function credentials(config: KubeConfig, cluster: string): Promise<Credentials> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    const why = errorCode(cause) ?? messageOf(cause).split('\n')[0];
    throw new SourceError('not-configured', `The credentials of cluster ${cluster} cannot be read (${why}).`);
  }
  return Credentials.parse(options);
}

/**
 * One pool of connections per cluster and account: client-node opens a TLS connection per request when TLS
 * options are set, so requests go through our own dispatcher, made anew only when a certificate changes.
 */
function dispatchers(timeoutSeconds: number) {
  let kept: { stamp: string; agent: Agent } | undefined;
  return {
    of(tls: Omit<Credentials, 'headers'>): Agent {
      const stamp = JSON.stringify([tls.ca, tls.cert, tls.rejectUnauthorized, tls.servername].map(String));
      if (kept?.stamp === stamp) return kept.agent;
      void kept?.agent.close();
      const agent = new Agent({ connect: { ...tls, timeout: timeoutSeconds * 1000 }, bodyTimeout: 0 });
      kept = { stamp, agent };
      return agent;
    },
    close: async () => {
      await kept?.agent.destroy();
      kept = undefined;
    },
  };
}

/** A read client of a cluster for the account given. Nothing is read until the first call. */
export function clusterClient(cluster: Pick<Cluster, 'id' | 'timeout'>, access: Access): ClusterClient {
  const name = `Cluster ${cluster.id}`;
  const pool = dispatchers(cluster.timeout);
  let config: KubeConfig | undefined;

  async function open(path: string, query: Record<string, string>, signal: AbortSignal): Promise<Readable> {
    try {
      config ??= kubeConfig(access);
      const { headers = {}, ...tls } = await credentials(config, cluster.id);
      const server = config.getCurrentCluster()?.server ?? '';
      const url = new URL(`${server.replace(/\/+$/, '')}${path}`);
      for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
      const asText = Object.entries(headers).map(([key, value]) => [key.toLowerCase(), String(value)]);
      const answer = await request(url, {
        headers: { ...Object.fromEntries(asText), accept: 'application/json', 'user-agent': 'signalbox' },
        dispatcher: pool.of(tls),
        signal,
        headersTimeout: cluster.timeout * 1000,
        bodyTimeout: 0,
      });
      if (answer.statusCode !== 200) {
        throw statusError(name, answer.statusCode, statusText(await readAll(answer.body, 1_000_000)));
      }
      return answer.body;
    } catch (error) {
      // A kubeconfig that was replaced or repaired is read again at the next attempt.
      const { reason } = error instanceof SourceError ? error : { reason: null };
      if (reason === null || reason === 'unauthorised' || reason === 'not-configured') config = undefined;
      throw transportError(signal.aborted ? signal.reason : error, name, cluster.timeout);
    }
  }

  return {
    id: cluster.id,
    timeoutSeconds: cluster.timeout,
    open,
    async get(path, query, signal) {
      const timeout = AbortSignal.timeout(cluster.timeout * 1000);
      const both = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
      try {
        return JSON.parse(await readAll(await open(path, query, both), 10 * 1024 * 1024));
      } catch (error) {
        throw transportError(both.aborted ? both.reason : error, name, cluster.timeout);
      }
    },
    close: pool.close,
  };
}
