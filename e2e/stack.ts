import { z } from 'zod';

const Stack = z.object({
  web: z.url(),
  worker: z.url(),
  control: z.url(),
  parts: z.url(),
  databaseUrl: z.string(),
  configFile: z.string(),
  password: z.string(),
  kubeconfigs: z.object({ web: z.string(), worker: z.string(), admin: z.string() }),
});

/** The stack that global-setup.ts started for this worker of the runner. */
export const stack = () => {
  const all = z.array(Stack).parse(JSON.parse(process.env['E2E_STACKS'] ?? '[]'));
  const own = all[Number(process.env['TEST_PARALLEL_INDEX'] ?? '0')];
  if (own === undefined) throw new Error('No stack was started for this worker.');
  return own;
};

async function control(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${stack().control}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} on the control port: ${response.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

/** Evidence and control of the pretend production. */
export const pretend = {
  scenario: (name: string) => control('POST', '/scenario', { name }),
  get: (path: string) => control('GET', path),
  post: (path: string, body: unknown) => control('POST', path, body),
  remove: (path: string, body?: unknown) => control('DELETE', path, body),
};

type PartName = 'database' | 'web' | 'worker';

async function act(name: PartName, path: string): Promise<void> {
  const response = await fetch(`${stack().parts}/parts/${name}/${path}`, { method: 'POST' });
  if (!response.ok) throw new Error(`${name} ${path}: ${response.status} ${await response.text()}`);
}

/** Kills and starts single processes of the stack, always on the same port. */
export const parts = {
  kill: (name: PartName, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' = 'SIGKILL') =>
    act(name, `kill?signal=${signal}`),
  stop: (name: PartName) => act(name, 'stop'),
  start: (name: PartName) => act(name, 'start'),
};
