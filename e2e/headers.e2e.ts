import { expect, test } from './fixtures';
import { pages } from './pages';
import { contextAs } from './sessions';
import { stack } from './stack';

const nonceOf = (policy: string | undefined) => /'nonce-([^']+)'/.exec(policy ?? '')?.[1];

test('every page has its policy with a nonce of its own, and no page breaks it', async ({ browser }) => {
  test.setTimeout(240_000);
  const signedIn = await contextAs(browser, 'sre');
  const signedOut = await browser.newContext({ baseURL: stack().web });
  const nonces = new Set<string>();
  let looked = 0;
  for (const each of pages) {
    const page = await (each.signedIn ? signedIn : signedOut).newPage();
    const wrong: string[] = [];
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy broken: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    page.on('console', (message) => {
      if (/policy/i.test(message.text())) wrong.push(message.text());
    });
    page.on('pageerror', (error) => wrong.push(String(error)));
    const response = await page.goto(each.path);
    const headers = response?.headers() ?? {};
    const nonce = nonceOf(headers['content-security-policy']);
    expect.soft(nonce, each.name).toBeTruthy();
    nonces.add(nonce ?? '');
    expect.soft(headers['x-content-type-options'], each.name).toBe('nosniff');
    expect.soft(headers['x-frame-options'], each.name).toBe('DENY');
    expect.soft(headers['referrer-policy'], each.name).toBe('same-origin');
    expect.soft(headers['x-powered-by'], each.name).toBeUndefined();
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
    expect.soft(wrong, each.name).toEqual([]);
    looked += 1;
    await page.close();
  }
  expect(looked).toBe(pages.length);
  expect(nonces.size).toBe(pages.length);
  await Promise.all([signedIn.close(), signedOut.close()]);
});

test('answers of the API run nothing, whoever shows them', async ({ pageAs }) => {
  const sre = await pageAs('sre');
  for (const path of ['/api/v1/me', '/api/v1/overview', '/api/v1/nothing-here']) {
    const headers = (await sre.request.get(path)).headers();
    expect(headers['content-security-policy'], path).toContain("default-src 'none'");
    expect(headers['x-content-type-options'], path).toBe('nosniff');
  }
});
