import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { SourceError } from '../source-error';
import { clusterClient } from './client';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kubeconfig-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

async function failure(kubeconfig: string): Promise<SourceError> {
  const file = path.join(folder, 'web.yaml');
  fs.writeFileSync(file, kubeconfig);
  const client = clusterClient({ id: 'main', timeout: 1 }, { kubeconfig: file, context: 'main' });
  const error = await client.get('/version', {}).catch((thrown: unknown) => thrown);
  await client.close();
  if (error instanceof SourceError) return error;
  throw new Error(`Expected a SourceError, got ${String(error)}`);
}

const kubeconfig = (user: string) => `apiVersion: v1
kind: Config
clusters: [{ name: main, cluster: { server: "https://127.0.0.1:9" } }]
contexts: [{ name: main, context: { cluster: main, user: web } }]
users:
  - name: web
    user:
${user}
`;

test('a kubeconfig that is not YAML is named without what stands in it', async () => {
  const error = await failure(kubeconfig('      token: s3cret-token\n     certificate: [x'));
  expect(error.reason).toBe('not-configured');
  expect(error.message).toContain('web.yaml cannot be read');
  expect(error.message).not.toContain('s3cret-token');
});

test('a certificate file that is not there is a matter of configuration, not of the network', async () => {
  const error = await failure(kubeconfig(`      client-certificate: ${folder}/absent`));
  expect(error.reason).toBe('not-configured');
  expect(error.message).toMatch(/credentials of cluster main cannot be read \(ENOENT\)/i);
});
