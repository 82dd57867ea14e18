import { createServer } from 'node:http';

/** What the guard would read for one version; `empty` has no series, `down` breaks the connection. */
export type Figures = { total: number; failed: number } | 'empty' | 'down';

export type TestPrometheus = {
  url: string;
  set: (version: string, figures: Figures) => void;
  stop: () => Promise<void>;
};

/**
 * A server that answers instant queries for the requests of a version, as Prometheus's API does. `asked` is told of
 * each question before it is answered; when it throws, the connection breaks.
 */
export async function testPrometheus(asked: () => Promise<void> = async () => {}): Promise<TestPrometheus> {
  const figures = new Map<string, Figures>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const reached = await asked().then(
        () => true,
        () => false,
      );
      if (!reached) {
        response.destroy();
        return;
      }
      const query = new URLSearchParams(Buffer.concat(chunks).toString()).get('query') ?? '';
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
