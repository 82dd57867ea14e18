import { createServer, type Server } from 'node:http';
import { messageOf } from '@/lib/core/errors';
import { registry } from '@/lib/core/metrics';
import { now } from '@/lib/core/time';

/**
 * One thing that must work before the process is of use; `run` throws with the reason when it does not. With
 * `decides: false` it is told and the process is ready all the same.
 */
export type ReadyCheck = { name: string; run: () => Promise<void>; decides?: boolean };

type Checked = { name: string; ok: boolean; problem?: string };

/** /health (the process answers), /ready (with checks) and /metrics of the worker, and nothing else. */
export function startServer(
  checks: readonly ReadyCheck[],
  address: { host: string; port: number },
): Promise<Server> {
  const server = createServer((request, response) => {
    answer(request.url ?? '/', checks)
      .then(({ status, type, body }) => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
      })
      .catch(() => response.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, () => resolve(server));
  });
}

async function answer(
  url: string,
  checks: readonly ReadyCheck[],
): Promise<{ status: number; type: string; body: string }> {
  const json = 'application/json';
  // `//` and the like are requests too: what cannot be parsed has no page, and must not end the process.
  switch (URL.parse(url, 'http://worker')?.pathname) {
    case '/health':
      return { status: 200, type: json, body: JSON.stringify({ status: 'ok', at: now().toISOString() }) };
    case '/ready': {
      const results = await Promise.all(checks.map(check));
      const ready = results.every(({ ok }, index) => ok || checks[index]?.decides === false);
      return { status: ready ? 200 : 503, type: json, body: JSON.stringify({ ready, checks: results }) };
    }
    case '/metrics':
      return { status: 200, type: registry().contentType, body: await registry().metrics() };
    default:
      return {
        status: 404,
        type: json,
        body: JSON.stringify({ title: 'There is nothing at this address.' }),
      };
  }
}

async function check({ name, run }: ReadyCheck): Promise<Checked> {
  try {
    await run();
    return { name, ok: true };
  } catch (error) {
    return { name, ok: false, problem: messageOf(error) };
  }
}
