import { createServer, type ServerResponse } from 'node:http';

/** What the guard would read for one version; `empty` has no series, `down` breaks the connection. */
export type Figures = { total: number; failed: number } | 'empty' | 'down';

export type TestPrometheus = {
  url: string;
  set: (version: string, figures: Figures) => void;
  /** Days until the certificate of the service ends, as a probe of its address would say; null: it is not probed. */
  certify: (days: number | null) => void;
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
  const certificate: { days: number | null } = { days: null };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString();
      const send = () => answer(response, { figures, certificate }, body);
      await asked(request.url ?? '', () => outOf(response, send)).catch(() => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    set: (version, value) => figures.set(version, value),
    certify: (days) => {
      certificate.days = days;
    },
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

type Known = { figures: ReadonlyMap<string, Figures>; certificate: { days: number | null } };

function answer(response: ServerResponse, { figures, certificate }: Known, body: string): void {
  const query = new URLSearchParams(body).get('query') ?? '';
  if (query.includes('probe_ssl_earliest_cert_expiry')) {
    respond(response, certificate.days === null ? [] : probed(certificate.days));
    return;
  }
  const version = /version="([^"]+)"/.exec(query)?.[1] ?? '';
  const found = figures.get(version) ?? 'empty';
  if (found === 'down') {
    response.destroy();
    return;
  }
  const value = found === 'empty' ? null : query.includes('5..') ? found.failed : found.total;
  respond(response, value === null ? [] : [{ metric: {}, value: [Date.now() / 1000, String(value)] }]);
}

/** The end of the certificate, and when that was seen. */
function probed(days: number): object[] {
  const now = Date.now() / 1000;
  const instance = 'https://fraiseql-api.example.com';
  const part = (name: string, value: number) => ({
    metric: { instance, signalbox_part: name },
    value: [now, String(value)],
  });
  return [part('ends0', Math.floor(now + days * 86_400)), part('taken0', now - 5)];
}

function respond(response: ServerResponse, result: object[]): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
}
