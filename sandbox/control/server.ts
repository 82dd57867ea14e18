import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { addressOf } from '../workload/metrics-server';
import { bannerPage } from './banner';
import { ControlError, type Controlled, routes } from './routes';

/** Bytes of the largest body that is read. */
const BODY_LIMIT = 100_000;

export type Control = { url: string; stop: () => Promise<void> };

/** Serves evidence and control on loopback; `port` 0 takes any free one. */
export async function startControl(controlled: Controlled, port: number): Promise<Control> {
  const server = createServer((request, response) => {
    answer(controlled, request, response).catch((error: unknown) => sendError(response, error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://${addressOf(server)}`, stop };
}

async function answer(
  controlled: Controlled,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  refuseStrangers(request);
  const url = new URL(request.url ?? '/', 'http://control');
  if (url.pathname === '/' && request.method === 'GET') {
    sendBanner(controlled, url, response);
    return;
  }
  const handler = routes[`${request.method} ${url.pathname}`];
  if (!handler)
    throw new ControlError(404, `There is no ${request.method} ${url.pathname} on the control port.`);
  const body = request.method === 'GET' ? undefined : await readJson(request);
  sendJson(response, 200, await handler(controlled, Object.fromEntries(url.searchParams), body));
}

/** A page of another origin must not be able to switch anything, nor a foreign name point here. */
function refuseStrangers(request: IncomingMessage): void {
  const host = request.headers.host ?? '';
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)) {
    throw new ControlError(403, 'The control port answers to loopback names only.');
  }
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new ControlError(403, 'The control port takes nothing from pages of another origin.');
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > BODY_LIMIT) throw new ControlError(413, `The body is larger than ${BODY_LIMIT} bytes.`);
    chunks.push(bytes);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new ControlError(400, 'The body is not JSON.');
  }
}

function sendBanner(controlled: Controlled, url: URL, response: ServerResponse): void {
  const nonce = randomBytes(16).toString('base64');
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; frame-ancestors http://127.0.0.1:* http://localhost:*`,
  });
  const theme = url.searchParams.get('theme');
  response.end(bannerPage({ scenario: controlled.director.current, theme, nonce }));
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}

function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof ControlError) sendJson(response, error.status, { error: error.message });
  else if (error instanceof z.ZodError) sendJson(response, 400, { error: z.prettifyError(error) });
  else sendJson(response, 500, { error: error instanceof Error ? error.message : String(error) });
}
