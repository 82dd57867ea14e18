import { expect, test } from './fixtures';

/** Nightly, so that no schedule copies it while this looks; its copies are cut by no other journey. */
const name = 'Observers, us-east-1';

test('a restore is rehearsed from the page, and says phase by phase how long one takes', async ({
  pageAs,
}) => {
  test.setTimeout(300_000);
  const page = await pageAs('sre');
  await page.goto('/backups');
  const heading = page.getByRole('heading', { name, exact: true });
  const panel = page.locator('section').filter({ has: heading });
  await expect(panel.getByText('L4 Restored').first()).toBeVisible({ timeout: 120_000 });
  await expect(panel.getByText('What would be lost now (RPO)')).toBeVisible();

  const rehearse = panel.getByRole('button', { name: `Rehearse a restore of ${name}` });
  await expect(rehearse).not.toHaveAttribute('aria-disabled', 'true', { timeout: 60_000 });
  await rehearse.click();
  const dialog = page.getByRole('dialog', { name: `Rehearse a restore of ${name}` });
  await expect(dialog).toContainText('The database itself and its service are not touched');
  await expect(dialog.getByLabel('Copy')).toContainText('L4 Restored');
  await dialog.getByRole('button', { name: 'Rehearse', exact: true }).click();
  await expect(dialog).toHaveCount(0);

  // A second attempt of this journey finds the drill of the first: a newer one has passed too.
  await expect(panel.getByText(/Passed in \d/)).toBeVisible({ timeout: 120_000 });
  await expect(
    panel.getByRole('img', {
      name: new RegExp(`^Last drill of ${name}: fetch .*create .*load .*index .*checks .*drop`),
    }),
  ).toBeVisible();
  const time = panel
    .locator('div')
    .filter({ has: page.getByText('How long a restore takes (RTO)', { exact: true }) });
  await expect(time.last()).toContainText(/About .*within its objective: 1 h \(tier 2\)/);
  await expect(time.last()).toContainText('The switch is not measured by a drill');
  await expect(panel.getByText(/asked for by/).first()).toBeVisible();

  // Whoever plans a deploy sees both before asking for it.
  await page.goto(
    '/changes/new/deploy?service=fraiseql-observers&environment=production&region=us-east-1&version=9.0.0',
  );
  await expect(
    page.getByText(/Restoring the newest copy \(L4\) loses what was written since .*RTO about/),
  ).toBeVisible({
    timeout: 60_000,
  });
});
