import http from 'node:http';
import { routes } from '@/app/api/v1/openapi.json/routes';
import type { ListedRoute } from '@/lib/http/openapi';

/** The handlers of all routes, as Next would find them by path. Each takes what a route of ours takes. */
type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

export function handlerFor(
  method: string,
  pathname: string,
): { handler: Handler; params: Record<string, string> } | null {
  const path = pathname.split('/');
  // A fixed segment counts before a parameter, as in Next.
  const listed = routes
    .map(({ path: template, methods }) => ({ params: match(template.split('/'), path), methods, template }))
    .filter(({ params }) => params !== null)
    .sort((a, b) => a.template.split('[').length - b.template.split('[').length);
  const [found] = listed;
  const handler = found === undefined ? undefined : handlerOf(found.methods, method);
  return found?.params == null || handler === undefined ? null : { handler, params: found.params };
}

/** The list of routes names the contracts; the values are the handlers that carry them. */
export function handlerOf(methods: ListedRoute['methods'], method: string): Handler | undefined {
  const [, listed] = Object.entries(methods).find(([name]) => name === method) ?? [];
  return isHandler(listed) ? listed : undefined;
}
const isHandler = (value: unknown): value is Handler => typeof value === 'function';

function match(template: string[], path: string[]): Record<string, string> | null {
  if (template.length !== path.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of template.entries()) {
    const given = decodeURIComponent(path[index] ?? '');
    const name = /^\[(.+)\]$/.exec(segment)?.[1];
    if (name === undefined && segment !== given) return null;
    if (name !== undefined) params[name] = given;
  }
  return params;
}

export type ConsoleServer = { url: string; asked: string[]; stop: () => Promise<void> };

/** What goes wrong with a request: nothing, a proxy without a console behind it, or an answer that is lost. */
export type Trouble = 'none' | 'bad-gateway' | 'lost-answer';

/** The real routes behind a real HTTP server. */
export async function consoleServer(
  port = 0,
  trouble: (asked: string) => Trouble = () => 'none',
): Promise<ConsoleServer> {
  const asked: string[] = [];
  const server = http.createServer(async (incoming, outgoing) => {
    const what = `${incoming.method} ${incoming.url}`;
    asked.push(what);
    const goesWrong = trouble(what);
    if (goesWrong === 'bad-gateway') {
      outgoing.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
      return;
    }
    const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host}`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const found = handlerFor(incoming.method ?? 'GET', url.pathname);
    if (found === null) {
      outgoing.writeHead(404).end();
      return;
    }
    const request = new Request(url, {
      method: incoming.method ?? 'GET',
      headers: Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
        typeof value === 'string' ? [[name, value]] : [],
      ),
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    });
    const response = await found.handler(request, { params: Promise.resolve(found.params) });
    if (goesWrong === 'lost-answer') {
      incoming.socket.destroy();
      return;
    }
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
