import type { Browser, BrowserContext, Page } from '@playwright/test';
import { demoAccounts } from '../scripts/stack/accounts';
import { stack } from './stack';

export type Role = (typeof demoAccounts)[number]['role'];
const emailOf = (role: Role): string => demoAccounts.find((account) => account.role === role)?.email ?? '';

const contexts = new Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>();

/** Signs in through the form once per role and run; later contexts take the stored session. */
export async function contextAs(
  browser: Browser,
  role: Role,
  options: Parameters<Browser['newContext']>[0] = {},
) {
  const stored = contexts.get(role);
  if (stored) return browser.newContext({ baseURL: stack().web, ...options, storageState: stored });
  const context = await browser.newContext({ baseURL: stack().web });
  const page = await context.newPage();
  await signIn(page, emailOf(role));
  contexts.set(role, await context.storageState());
  await context.close();
  return contextAs(browser, role, options);
}

export async function signIn(page: Page, email: string, password = stack().password): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}
