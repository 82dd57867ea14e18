import fs from 'node:fs';
import https from 'node:https';
import { parse } from 'yaml';
import { z } from 'zod';
import { stack } from './stack';

const Kubeconfig = z.object({
  contexts: z.array(
    z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) }),
  ),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.object({ server: z.url(), 'certificate-authority-data': z.string() }),
    }),
  ),
  users: z.array(z.object({ name: z.string(), user: z.object({ token: z.string() }) })),
});

type Account = 'web' | 'worker' | 'admin';

type Context = 'us-east-1' | 'eu-west-1';

/** A merge patch straight to a cluster's API server with the credential of one account of this stack. */
export const patchAs = (account: Account, context: Context, path: string, body: unknown): Promise<Answer> =>
  callAs(account, context, { method: 'PATCH', path, body });

/** What a cluster has now, read past the console. */
export const readAsAdmin = async (context: Context, path: string): Promise<unknown> =>
  (await callAs('admin', context, { method: 'GET', path })).body;

type Answer = { status: number; body: unknown };

async function callAs(
  account: Account,
  context: Context,
  { method, path, body }: { method: 'GET' | 'PATCH'; path: string; body?: unknown },
): Promise<Answer> {
  const file = Kubeconfig.parse(parse(fs.readFileSync(stack().kubeconfigs[account], 'utf8')));
  const chosen = file.contexts.find(({ name }) => name === context)?.context;
  const cluster = file.clusters.find(({ name }) => name === chosen?.cluster)?.cluster;
  const user = file.users.find(({ name }) => name === chosen?.user)?.user;
  if (!cluster || !user) throw new Error(`The kubeconfig of ${account} has no context ${context}.`);
  return new Promise((resolve, reject) => {
    const request = https.request(
      new URL(path, cluster.server),
      {
        method,
        ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
        headers: {
          authorization: `Bearer ${user.token}`,
          'content-type': 'application/merge-patch+json',
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
      },
    );
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

export const deployment = (namespace: string, name: string) =>
  `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
