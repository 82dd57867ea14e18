import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import type { AccountName } from './access/identity';

/** One cluster as one account sees it: what a kubeconfig file says about it. */
export type KubeconfigPart = {
  cluster: { name: string; cluster: { server: string; 'certificate-authority-data': string } };
  user: { name: string; user: { token: string } };
};

type WithKubeconfig = { id: string; kubeconfigFor(account: AccountName): KubeconfigPart };

/** Writes one kubeconfig file (mode 0600: it holds tokens) with a context per cluster, named by its id. */
export async function writeKubeconfig(
  file: string,
  clusters: WithKubeconfig[],
  account: AccountName,
): Promise<void> {
  const parts = clusters.map((cluster) => ({ id: cluster.id, ...cluster.kubeconfigFor(account) }));
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: parts.map((part) => part.cluster),
    users: parts.map((part) => part.user),
    contexts: parts.map((part) => ({
      name: part.id,
      context: { cluster: part.cluster.name, user: part.user.name },
    })),
    'current-context': parts[0]?.id ?? '',
  };
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, stringify(config), { mode: 0o600 });
}
