import { z } from 'zod';
import { expect, expectState, sign, test } from './fixtures';

const name = 'Observers, us-east-1';
const Copies = z.object({
  databases: z.array(
    z.object({
      id: z.string(),
      copies: z.array(z.object({ id: z.string(), change: z.nullable(z.string()) })),
    }),
  ),
});

/** The copies of this database are made by Jobs in the cluster: what the plan asks it, and what is kept of the pod. */
test('a Job in the cluster makes the copy that a change asks for, and its log is kept with the copy', async ({
  pageAs,
}) => {
  test.setTimeout(240_000);
  const sre = await pageAs('sre');
  await sre.goto('/backups');
  const heading = sre.getByRole('heading', { name, exact: true });
  const panel = sre.locator('section').filter({ has: heading });
  await expect(panel.getByText('us-east-1/backup/observers-backup')).toBeVisible();

  await sre.getByRole('link', { name: `Back up now: ${name}` }).click();
  await sre.getByLabel('Reason').fill('A copy by its Job before the evening.');
  const send = sre.getByRole('button', { name: /^Request sign-off from/ });
  await expect(send).not.toHaveAttribute('aria-disabled', 'true', { timeout: 60_000 });
  await expect(sre.getByText('A Job can be made of the CronJob')).toBeVisible();
  await expect(sre.getByText(/in a Job of us-east-1\/backup\/observers-backup/).first()).toBeVisible();
  await send.click();
  await sre.waitForURL(/\/changes\/c-\d+$/);
  const change = new URL(sre.url()).pathname.split('/').at(-1) ?? '';
  await sign(await pageAs('engineering_lead'), change);
  await expectState(sre, 'Succeeded', 180_000);

  const answer = await sre.request.get('/api/v1/backups?environment=production');
  const { databases } = Copies.parse(await answer.json());
  const made = databases.flatMap(({ copies }) => copies).find((copy) => copy.change === change);
  const detail = await (await sre.request.get(`/api/v1/backups/copies/${made?.id}`)).text();
  expect(detail).toMatch(/"job":"us-east-1\/backup\/observers-backup-[0-9a-f]{10}"/);
  expect(detail).toContain('pg_dump (PostgreSQL) 15.');

  await sre.goto('/backups');
  await panel.getByText(/^Copies$/).click();
  const line = panel.locator('li').filter({ hasText: 'L4 Restored' }).first();
  await line.locator('summary').first().click();
  await expect(line.getByText(/, Job us-east-1\/backup\/observers-backup-/)).toBeVisible();
  await line.getByText('Log', { exact: true }).click();
  await expect(line.getByText(/container pg-dump/)).toBeVisible();
});
