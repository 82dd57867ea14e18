import http from 'node:http';
import { HttpSource, PrometheusSource } from '@/lib/config/sources';

export type Given = { status?: number; type?: string; headers?: Record<string, string>; body: string };
export type Seen = {
  method: string;
  url: URL;
  headers: http.IncomingHttpHeaders;
  /** The form of a POST. */
  form: URLSearchParams;
};
/** What to answer; `hang` never does, `cut` breaks the connection in the middle of the body. */
export type Answerer = (seen: Seen) => Given | 'hang' | 'cut';

export type AnswerServer = { url: string; seen: Seen[]; answer: Answerer; stop: () => Promise<void> };

/** A tiny HTTP server in the test's own process that answers what the test says. */
export async function answerServer(answer: Answerer): Promise<AnswerServer> {
  const seen: Seen[] = [];
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const one = {
      method: request.method ?? '',
      url: new URL(request.url ?? '/', 'http://localhost'),
      headers: request.headers,
      form: new URLSearchParams(body),
    };
    seen.push(one);
    const given = result.answer(one);
    if (given === 'hang') return;
    if (given === 'cut') {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"status":', () => response.destroy());
      return;
    }
    response.writeHead(given.status ?? 200, {
      'content-type': given.type ?? 'application/json',
      ...given.headers,
    });
    response.end(given.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const result: AnswerServer = {
    url: `http://127.0.0.1:${port}`,
    seen,
    answer,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return result;
}

export const httpSource = (url: string, more: object = {}): HttpSource =>
  HttpSource.parse({ id: 'main', url, timeout: '1s', ...more });
export const prometheusSource = (url: string, more: object = {}): PrometheusSource =>
  PrometheusSource.parse({ id: 'main', url, timeout: '1s', ...more });
