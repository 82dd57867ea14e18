import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import { repositories } from '../sandbox/registry/catalogue';
import { endOpenChanges } from './leftovers';
import { contextAs, type Role } from './sessions';
import { pretend } from './stack';

export type PageAs = (role: Role) => Promise<Page>;
type Fixtures = { pageAs: PageAs };

/** `pageAs(role)` opens a page signed in as that role. Each journey starts and ends in the calm scenario. */
export const test = base.extend<Fixtures & { calm: undefined }>({
  pageAs: async ({ browser }, use) => {
    const open: BrowserContext[] = [];
    await use(async (role) => {
      const context = await contextAs(browser, role);
      open.push(context);
      return context.newPage();
    });
    await Promise.all(open.map((context) => context.close()));
  },
  calm: [
    async ({ browser }, use, info) => {
      await pretend.scenario('calm');
      await use(undefined);
      await pretend.scenario('calm');
      if (info.status !== info.expectedStatus) await endOpenChanges(browser);
    },
    { auto: true },
  ],
});
export { expect };

/**
 * Has a build pushed under a tag of this line that nothing runs yet, and returns the tag: journeys share a production,
 * and a second attempt finds what the first one left.
 */
export async function pushVersion(service: string, line: string): Promise<string> {
  const tag = `${line}.${Math.floor(Date.now() / 1000) % 1_000_000}`;
  const repository = repositories.find((name) => name.endsWith(`/${service}`));
  await pretend.post('/registry/tags', { repository, tag });
  return tag;
}

export type Wish = { service: string; region: string; environment?: string } & (
  | { version: string; strategy?: 'canary' | 'blue-green'; regions?: string }
  | { kind: 'scale'; replicas: string }
);

/** Opens the plan page and writes a reason; the worker's plan is there when the button can be pressed. */
export async function fillPlan(page: Page, wish: Wish): Promise<void> {
  const { kind = 'deploy', ...asked } = { kind: undefined, ...wish };
  const query = new URLSearchParams({ environment: 'production', ...asked }).toString();
  await page.goto(`/changes/new/${kind}?${query}`);
  await page
    .getByLabel('Reason')
    .fill('Ships the work of this week; staging ran it for a day without a fault.');
  await expect(page.getByRole('button', { name: /^Request sign-off from/ })).not.toHaveAttribute(
    'aria-disabled',
    'true',
    { timeout: 60_000 },
  );
}

/** Asks for a change on its plan page and returns the change's id. */
export async function requestDeploy(page: Page, wish: Wish): Promise<string> {
  await fillPlan(page, wish);
  await page.getByRole('button', { name: /^Request sign-off from/ }).click();
  await page.waitForURL(/\/changes\/c-\d+$/);
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** The requester ends a change that still waits, on its page. */
export async function cancelRequest(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Cancel request' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('Only to see that the rule holds.');
  await dialog.getByRole('button', { name: 'Cancel request' }).click();
  await expectState(page, 'Cancelled', 15_000);
}

/** Signs a change on its page. */
export async function sign(page: Page, change: string): Promise<void> {
  await page.goto(`/changes/${change}`);
  await page.getByRole('button', { name: /^Sign as/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
}

/** One after the other opens a page of their own, signs and leaves: a page left open keeps asking for news. */
export async function signAs(pageAs: PageAs, change: string, roles: readonly Role[]): Promise<void> {
  for (const role of roles) {
    const page = await pageAs(role);
    await sign(page, change);
    await page.close();
  }
}

/** Waits until the badge of the change page says one of these words. */
export async function expectState(page: Page, word: string | RegExp, timeout = 120_000): Promise<void> {
  await expect(page.getByTestId('change-state')).toHaveText(word, { timeout });
}
