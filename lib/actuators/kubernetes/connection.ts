import 'server-only';
import type { RequestOptions } from 'node:https';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { ClusterError } from './error';

/** How to reach a cluster: a context of a kubeconfig file, or the account of the pod that we run in. */
export type ClusterAccess = { kubeconfig: string; context: string } | { inCluster: true };

export type Connection = {
  server: string;
  /** One pool for the life of the connection: the library would open a TLS connection per call. */
  dispatcher: Dispatcher;
  /** Headers that identify the account, read anew per call because tokens rotate. */
  credentials: () => Promise<Record<string, string>>;
  close: () => Promise<void>;
};

/** Loads the account; throws ClusterError when the file, the context or the cluster is missing. */
export async function connectCluster(
  access: ClusterAccess,
  folder: string,
  connections: number,
): Promise<Connection> {
  const config = loadConfig(access, folder);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new ClusterError('unreachable', 'The kubeconfig context names no cluster.');
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key, rejectUnauthorized, servername } = options;
  const tls = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    ...(servername === undefined ? {} : { servername }),
  };
  const dispatcher =
    cluster.proxyUrl === undefined || cluster.proxyUrl === ''
      ? new Agent({ connections, connect: { timeout: 5000, ...tls } })
      : new ProxyAgent({ uri: cluster.proxyUrl, connections, requestTls: tls });
  return {
    server: cluster.server.replace(/\/$/, ''),
    dispatcher,
    credentials: () => credentialsOf(config),
    close: () => dispatcher.close(),
  };
}

function loadConfig(access: ClusterAccess, folder: string): KubeConfig {
  const config = new KubeConfig();
  if ('inCluster' in access) {
    config.loadFromCluster();
    return config;
  }
  try {
    config.loadFromFile(path.resolve(folder, access.kubeconfig));
  } catch (cause) {
    throw new ClusterError('unreachable', `The kubeconfig file ${access.kubeconfig} cannot be read.`, {
      cause,
    });
  }
  if (config.getContextObject(access.context) === null) {
    throw new ClusterError('unreachable', `The kubeconfig has no context named ${access.context}.`);
  }
  config.setCurrentContext(access.context);
  return config;
}

async function credentialsOf(config: KubeConfig): Promise<Record<string, string>> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (typeof value === 'string') headers[name.toLowerCase()] = value;
  }
  if (options.auth) headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  return headers;
}
