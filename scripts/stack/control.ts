import http from 'node:http';
import type { Part } from './part';
import type { Stack } from './stack';

const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGSTOP', 'SIGCONT'] as const;

/**
 * Lets another process stop, kill and start parts of a stack, for the journeys about bad days:
 * `POST /parts/worker/kill?signal=SIGKILL`, `POST /parts/database/stop`, `POST /parts/worker/start`, each answered
 * with the ids of what runs when it took effect. `GET /parts` gives the ids alone. Not for demos: it asks nobody.
 */
export async function serveControl(stack: Stack, port: number): Promise<{ url: string; close: () => void }> {
  const server = http.createServer((request, response) => {
    answer(stack, request.method ?? '', new URL(request.url ?? '/', 'http://127.0.0.1')).then(
      (status) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(stack.pids())),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

async function answer(stack: Stack, method: string, url: URL): Promise<number> {
  const [, root, name, act] = url.pathname.split('/');
  if (root !== 'parts') return 404;
  if (name === undefined) return 200;
  const parts: Record<string, Part | undefined> = stack.parts;
  const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
  if (!part || method !== 'POST') return 404;
  const signal = SIGNALS.find((known) => known === (url.searchParams.get('signal') ?? 'SIGKILL'));
  if (act === 'start') await part.start();
  else if (act === 'stop') await part.stop();
  else if (act === 'kill' && signal) await part.kill(signal);
  else return 404;
  return 200;
}
