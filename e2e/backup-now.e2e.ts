import { expect, expectState, sign, test } from './fixtures';

/** From the button to the file to the record: asked by an SRE, signed by a lead, made, and proven by a restore. */
test('a copy is asked for on the Backups page, signed by another person, and proven to L4 in the record', async ({
  pageAs,
}) => {
  test.setTimeout(240_000);
  const sre = await pageAs('sre');
  await sre.goto('/backups');
  await sre.getByRole('link', { name: 'Back up now: Observers, us-east-1' }).click();
  await sre.getByLabel('Reason').fill('Before the migration of the evening.');
  const send = sre.getByRole('button', { name: /^Request sign-off from/ });
  await expect(send).not.toHaveAttribute('aria-disabled', 'true', { timeout: 60_000 });
  await expect(sre.getByText('A copy needs no undo')).toBeVisible();
  await send.click();
  await sre.waitForURL(/\/changes\/c-\d+$/);
  const change = new URL(sre.url()).pathname.split('/').at(-1) ?? '';
  await sign(await pageAs('engineering_lead'), change);

  await expectState(sre, 'Succeeded', 180_000);
  await expect(sre.getByText('L4 Restored').first()).toBeVisible();
  const record = await (await sre.request.get(`/api/v1/changes/${change}/record?format=text`)).text();
  expect(record).toContain('Level that stands: L4');
  expect(record).toContain('Sign-offs');

  await sre.goto('/backups');
  const heading = sre.getByRole('heading', { name: 'Observers, us-east-1', exact: true });
  await expect(
    sre.locator('section').filter({ has: heading }).getByText('L4 Restored').first(),
  ).toBeVisible();
});
