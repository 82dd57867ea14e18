import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import type { Cluster } from './cluster';
import type { Json } from './store';

export type AdminWrite = {
  /** Path of the object at the API server, without a query. */
  path: string;
  /** A merge patch. */
  patch: Json;
  manager: string;
  userAgent: string;
};

/** What another client than the console writes: through the wire, so that faults, books and the write log see it. */
export async function writeAsAdmin(
  cluster: Pick<Cluster, 'url' | 'caFile' | 'kubeconfigFor'>,
  { path, patch, manager, userAgent }: AdminWrite,
): Promise<{ status: number; body: Json }> {
  const ca = await readFile(cluster.caFile);
  const { token } = cluster.kubeconfigFor('admin').user.user;
  const url = new URL(path, cluster.url);
  url.searchParams.set('fieldManager', manager);
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/merge-patch+json',
    'user-agent': userAgent,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'PATCH', ca, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parsed(text) }));
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(patch));
  });
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
