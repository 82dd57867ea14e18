import { createServer, type ServerResponse } from 'node:http';

/** What the guard would read for one version; `empty` has no series, `down` breaks the connection. */
export type Figures = { total: number; failed: number } | 'empty' | 'down';

export type TestPrometheus = {
  url: string;
  set: (version: string, figures: Figures) => void;
  stop: () => Promise<void>;
};

/**
 * Stands before a server of figures: it is told the path of each question and answers it when it wants to; the answer
 * is out when `answer` resolves. When it throws without an answer, the connection breaks.
 */
export type Asked = (path: string, answer: () => Promise<void>) => Promise<void>;

/** Sends an answer by `send`; resolves when it is out, or the connection is gone. */
export const outOf = (response: ServerResponse, send: () => void): Promise<void> =>
  new Promise((resolve) => {
    if (response.destroyed) {
      resolve();
      return;
    }
    response.once('close', resolve);
    send();
  });

/** A server that answers instant queries for the requests of a version, as Prometheus's API does. */
export async function testPrometheus(asked: Asked = (_, answer) => answer()): Promise<TestPrometheus> {
  const figures = new Map<string, Figures>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString();
      await asked(request.url ?? '', () => outOf(response, () => answer(response, figures, body))).catch(() =>
        response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    set: (version, value) => figures.set(version, value),
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

function answer(response: ServerResponse, figures: ReadonlyMap<string, Figures>, body: string): void {
  const query = new URLSearchParams(body).get('query') ?? '';
  const version = /version="([^"]+)"/.exec(query)?.[1] ?? '';
  const found = figures.get(version) ?? 'empty';
  if (found === 'down') {
    response.destroy();
    return;
  }
  const value = found === 'empty' ? null : query.includes('5..') ? found.failed : found.total;
  const result = value === null ? [] : [{ metric: {}, value: [Date.now() / 1000, String(value)] }];
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
}
