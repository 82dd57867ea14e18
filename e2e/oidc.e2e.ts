import { randomUUID } from 'node:crypto';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from '@playwright/test';
import Provider from 'oidc-provider';
import { freePort } from '../scripts/process/port';
import { startWeb } from '../scripts/stack/programs';
import { accountWith, grantRole } from './accounts';
import { expect, test } from './fixtures';
import { stack } from './stack';

const clientId = 'signalbox';
const clientSecret = randomUUID();
const stops: (() => Promise<void>)[] = [];
let web = '';

/** A provider that lets anybody in: the login becomes subject, and e-mail address when it is one. */
async function startProvider(redirect: string): Promise<string> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirect],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: 'Olga Federova', email: id }),
    }),
  });
  const server = http.createServer(provider.callback());
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  stops.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return issuer;
}

/** A web process of its own on the stack's database, with single sign-on. */
test.beforeAll(async () => {
  const port = await freePort();
  web = `http://127.0.0.1:${port}`;
  const issuer = await startProvider(`${web}/api/auth/callback/oidc`);
  const child = await startWeb(
    {
      configFile: stack().configFile,
      databaseUrl: stack().databaseUrl,
      secret: randomUUID(),
      webUrl: web,
      logs: path.join(os.tmpdir(), `signalbox-oidc-${port}`),
      extra: {
        OIDC_ISSUER: issuer,
        OIDC_CLIENT_ID: clientId,
        OIDC_CLIENT_SECRET: clientSecret,
        OIDC_NAME: 'Example SSO',
      },
    },
    port,
  );
  stops.push(() => child.stop());
});
test.afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
});

/** Goes through the provider's two pages; the browser comes back to the console. */
async function throughProvider(browser: Browser, login: string, callback = '/') {
  const context = await browser.newContext({ baseURL: web });
  const page = await context.newPage();
  await page.goto(`/sign-in?callback=${encodeURIComponent(callback)}`);
  await page.getByRole('button', { name: 'Sign in with Example SSO' }).click();
  await page.locator('input[name=login]').fill(login);
  await page.locator('input[name=password]').fill('whatever');
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL((url) => url.origin === web);
  return page;
}

test('somebody new signs in through the provider, without a role until one is granted', async ({
  browser,
}) => {
  const login = `olga-${randomUUID().slice(0, 8)}@example.com`;
  const page = await throughProvider(browser, login, '/changes');
  await page.waitForURL((url) => url.pathname === '/changes');
  const me = async () => (await page.request.get('/api/v1/me')).json();
  expect(await me()).toMatchObject({ name: 'Olga Federova', email: login, roles: [] });
  await grantRole(login, 'sre');
  expect(await me()).toMatchObject({ roles: ['sre'], permissions: { plan: true } });
  await page.context().close();
  const again = await throughProvider(browser, login);
  expect(await (await again.request.get('/api/v1/me')).json()).toMatchObject({ roles: ['sre'] });
  await again.context().close();
});

test('the address of an account of the console is not taken over through the provider', async ({
  browser,
}) => {
  const page = await throughProvider(browser, await accountWith(['sre']));
  await page.waitForURL((url) => url.pathname === '/sign-in');
  await expect(page.locator('form').getByRole('alert')).not.toBeEmpty();
  expect((await page.request.get('/api/v1/me')).status()).toBe(401);
  await page.context().close();
});

test('the sign-in page of an install without a provider offers none', async ({ browser }) => {
  const page = await browser.newPage({ baseURL: stack().web });
  await page.goto('/sign-in');
  await expect(page.getByRole('button')).toHaveText(['Sign in']);
  await page.close();
});
