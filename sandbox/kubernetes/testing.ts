import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Cluster, type ClusterOptions, startCluster } from './cluster';
import type { Json, KubeObject, NewObject } from './store';

/** A cluster in a temporary folder for one test file; `stop` removes both. */
export async function temporaryCluster(
  options: Partial<ClusterOptions> = {},
): Promise<Cluster & { dataDir: string; dispose(): Promise<void> }> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'kubernetes-')));
  const cluster = await startCluster({ id: 'test', port: 0, dataDir, ...options });
  const dispose = async (): Promise<void> => {
    await cluster.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { ...cluster, dataDir, dispose };
}

export type Answer = {
  status: number;
  headers: { [name: string]: string | string[] | undefined };
  text: string;
  /** The bytes as they came, compressed or not. */
  raw: Buffer;
  body: Json;
};

export type Call = {
  method?: string;
  path: string;
  token?: string;
  headers?: { [name: string]: string | string[] };
  body?: unknown;
};

/** One HTTPS request with the cluster's own CA; rejects when the connection is cut. */
export async function call(cluster: Cluster, wanted: Call): Promise<Answer> {
  const ca = await readFile(cluster.caFile);
  const body =
    wanted.body === undefined
      ? undefined
      : typeof wanted.body === 'string'
        ? wanted.body
        : JSON.stringify(wanted.body);
  return new Promise((resolve, reject) => {
    const headers: { [name: string]: string | string[] | number } = {
      accept: 'application/json',
      ...wanted.headers,
    };
    if (wanted.token !== undefined) headers['authorization'] = `Bearer ${wanted.token}`;
    if (body !== undefined) headers['content-length'] = Buffer.byteLength(body);
    // The path goes out as it is, so that a test can send one that is no URL.
    const { hostname, port } = new URL(cluster.url);
    const options = {
      hostname,
      port,
      path: wanted.path,
      method: wanted.method ?? 'GET',
      ca,
      headers,
      agent: false,
    };
    const outgoing = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const raw = Buffer.concat(chunks);
        const text = raw.toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          raw,
          body: parsed(text),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Token of an account, taken from the kubeconfig part as a client would. */
export function tokenFor(cluster: Cluster, account: 'signalbox-web' | 'signalbox-worker' | 'admin'): string {
  return cluster.kubeconfigFor(account).user.user.token;
}

export function createNamespace(cluster: Cluster, name: string): KubeObject {
  const labels = { 'kubernetes.io/metadata.name': name };
  return cluster.store.create('namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
}

/** A Deployment of one container that has the Deployment's name. */
export function deployment(name: string, namespace: string, replicas = 3): NewObject {
  const labels = { app: name };
  const containers = [{ name, image: `registry.example.com/team/${name}:1.8.0` }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}
