import { z } from 'zod';
import { expect, test } from './fixtures';
import { pretend, stack } from './stack';

const Scenario = z.object({ name: z.string() });
const current = async () => Scenario.parse(await pretend.get('/scenario')).name;

test('every page says demo timing, and the scenario is switched from the notice', async ({
  pageAs,
  browser,
}) => {
  const page = await pageAs('stakeholder');
  for (const path of [
    '/',
    '/services',
    '/logs',
    '/changes',
    '/approvals',
    '/audit',
    '/slos',
    '/status-page',
  ]) {
    await page.goto(path);
    await expect(page.getByText('demo timing', { exact: true })).toBeVisible();
  }
  const stranger = await browser.newPage({ baseURL: stack().web });
  for (const path of ['/sign-in', '/status']) {
    await stranger.goto(path);
    await expect(stranger.getByText('demo timing', { exact: true })).toBeVisible();
  }
  await stranger.close();
  const frame = page.frameLocator('iframe[title="Notice"]');
  await frame.getByLabel('Scenario').selectOption('slow-burn');
  await expect.poll(current).toBe('slow-burn');
  await frame.getByRole('button', { name: 'Back to calm' }).click();
  await expect.poll(current).toBe('calm');
});
