import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { accountWith, endSessions, revokeRole, sql } from './accounts';
import { expect, test } from './fixtures';
import { signIn } from './sessions';
import { stack } from './stack';

const stranger = () => `stranger-${randomUUID().slice(0, 8)}@demo.example`;

test.afterEach(() => sql('DELETE FROM rate_limit'));

/** Fills the form and gives the sentence that it is refused with, and where the browser then is. */
async function refusal(page: Page, email: string, password: string) {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  const answer = page.waitForResponse((response) => response.url().includes('/callback/credentials'));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const status = (await answer).status();
  const alert = page.locator('form').getByRole('alert');
  await expect(alert).not.toBeEmpty();
  return { sentence: (await alert.textContent()) ?? '', status, at: page.url() };
}

test('a wrong password and an unknown account read the same', async ({ browser }) => {
  const page = await browser.newPage({ baseURL: stack().web });
  const known = await refusal(page, await accountWith(['sre']), 'not the password');
  const unknown = await refusal(page, stranger(), 'not the password');
  expect(unknown).toEqual(known);
  expect(known.sentence).toContain('is wrong');
  expect((await page.context().cookies()).filter(({ name }) => name.includes('session'))).toEqual([]);
  await page.close();
});

test('too many attempts are refused in words of their own, the right password too', async ({ browser }) => {
  const page = await browser.newPage({ baseURL: stack().web });
  const email = await accountWith(['sre']);
  const sentences: string[] = [];
  for (let attempt = 0; attempt < 11; attempt += 1) {
    sentences.push((await refusal(page, email, `wrong ${attempt}`)).sentence);
  }
  expect(new Set(sentences.slice(0, 10)).size).toBe(1);
  expect(sentences.at(-1)).toContain('Too many attempts');
  expect((await refusal(page, email, stack().password)).sentence).toContain('Too many attempts');
  await page.close();
});

const endings = [
  { how: 'killed on the command line', end: endSessions },
  {
    how: 'expired',
    end: (email: string) =>
      sql(
        `UPDATE session SET expires_at = app.now() - interval '1 minute'
         WHERE user_id = (SELECT id FROM "user" WHERE email = $1)`,
        email,
      ),
  },
];

for (const { how, end } of endings) {
  test(`a session that was ${how} leads to sign-in, and back to where one was`, async ({ browser }) => {
    const context = await browser.newContext({ baseURL: stack().web });
    const page = await context.newPage();
    const email = await accountWith(['sre']);
    await signIn(page, email);
    const where = '/changes?service=fraiseql-api';
    await page.goto(where);
    await expect(page.getByRole('heading', { level: 1, name: 'Changes', exact: true })).toBeVisible();
    await end(email);
    expect((await page.request.get('/api/v1/me')).status()).toBe(401);
    // The open page notices by itself, at its next look.
    await page.waitForURL((url) => url.pathname === '/sign-in', { timeout: 60_000 });
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(stack().password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL((url) => `${url.pathname}${url.search}` === where);
    // And so does a page that is opened with the dead cookie; the open one is closed, so that it cannot notice first.
    const late = await context.newPage();
    await page.close();
    await end(email);
    await late.goto(where);
    await late.waitForURL((url) => url.pathname === '/sign-in');
    expect(new URL(late.url()).searchParams.get('callback')).toBe(where);
    await context.close();
  });
}

test('a role that is taken away is gone with the next request', async ({ browser }) => {
  const page = await browser.newPage({ baseURL: stack().web });
  const email = await accountWith(['sre']);
  await signIn(page, email);
  const plan = () =>
    page.evaluate(async () => {
      const response = await fetch('/api/v1/plans', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
        body: JSON.stringify({
          kind: 'deploy',
          service: 'fraiseql-api',
          environment: 'staging',
          region: 'us-east-1',
          version: '2.0.1',
        }),
      });
      return { status: response.status, text: await response.text() };
    });
  expect((await plan()).status).toBeLessThan(300);
  await revokeRole(email, 'sre');
  const refused = await plan();
  expect(refused.status).toBe(403);
  expect(refused.text).toContain('"forbidden"');
  expect(await (await page.request.get('/api/v1/me')).json()).toMatchObject({
    roles: [],
    permissions: { plan: false, steer: false },
  });
  await page.close();
});

const elsewhere = [
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '/%5Cevil.example/../..//evil.example',
];
for (const callback of elsewhere) {
  test(`signing in never leads away from the console: ${callback}`, async ({ browser }) => {
    const page = await browser.newPage({ baseURL: stack().web });
    const left: string[] = [];
    page.on('request', (request) => {
      const leaves = request.isNavigationRequest() && request.frame() === page.mainFrame();
      if (leaves && !request.url().startsWith(`${stack().web}/`)) left.push(request.url());
    });
    await page.goto(`/sign-in?callback=${encodeURIComponent(callback)}`);
    await page.getByLabel('E-mail').fill(await accountWith([]));
    await page.getByLabel('Password').fill(stack().password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL((url) => url.pathname !== '/sign-in');
    expect(new URL(page.url()).origin).toBe(stack().web);
    expect(left).toEqual([]);
    await page.close();
  });
}
