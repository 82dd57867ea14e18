import { z } from 'zod';

const Csrf = z.object({ csrfToken: z.string() });
const REQUEST_TIMEOUT_MS = 10_000;

/** A signed-in browser without a page: it sends its cookie. */
export type Client = { base: string; cookie: string };

const cookiesOf = (response: Response): string[] =>
  response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');

/** Signs in as the form does. Throws when the answer carries no session. */
export async function signIn(base: string, email: string, password: string): Promise<Client> {
  const asked = await fetch(`${base}/api/auth/csrf`);
  const { csrfToken } = Csrf.parse(await asked.json());
  const response = await fetch(`${base}/api/auth/callback/credentials`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookiesOf(asked).join('; '), origin: base },
    body: new URLSearchParams({ csrfToken, email, password, json: 'true' }),
  });
  await response.arrayBuffer();
  const session = cookiesOf(response).filter((cookie) => cookie.includes('next-auth.session-token='));
  if (session.length === 0) throw new Error(`Signing in as ${email} was answered ${response.status}.`);
  return { base, cookie: session.join('; ') };
}

/** GET of our API, read to the end; how long it took in milliseconds. Throws on any status but 200. */
export async function getText(client: Client, path: string): Promise<{ text: string; tookMs: number }> {
  const startedAt = performance.now();
  const response = await fetch(`${client.base}${path}`, {
    headers: { cookie: client.cookie, accept: 'application/json' },
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  const text = await response.text();
  const tookMs = performance.now() - startedAt;
  if (response.status !== 200) throw new Error(`GET ${path}: ${response.status} ${text.slice(0, 200)}`);
  return { text, tookMs };
}

/** The same with its JSON. */
export async function get(client: Client, path: string): Promise<{ body: unknown; tookMs: number }> {
  const { text, tookMs } = await getText(client, path);
  return { body: JSON.parse(text), tookMs };
}

/** POST of our API as a page sends it; its JSON. Throws on a refusal, with its words. */
export async function post(client: Client, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${client.base}${path}`, {
    method: 'POST',
    headers: {
      cookie: client.cookie,
      origin: client.base,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${text.slice(0, 400)}`);
  return text === '' ? null : JSON.parse(text);
}

/** A write on the pretend production's control port. */
export async function control(base: string, method: 'POST' | 'DELETE', path: string, body: unknown) {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} on the control port: ${response.status} ${text}`);
}
