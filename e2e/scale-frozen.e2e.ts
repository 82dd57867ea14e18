import { expect, expectState, requestDeploy, sign, test } from './fixtures';

test('a scaling is frozen in mid-flight, released by two people, and aborted to the former number', async ({
  pageAs,
}) => {
  test.setTimeout(240_000);
  const sre = await pageAs('sre');
  const change = await requestDeploy(sre, {
    kind: 'scale',
    service: 'fraiseql-observers',
    region: 'eu-west-1',
    replicas: '4',
  });
  await expect(sre.getByRole('heading', { name: 'Scale FraiseQL observers 3 → 4 pods' })).toBeVisible();
  const engineering = await pageAs('engineering_lead');
  const devops = await pageAs('devops_lead');
  await sign(engineering, change);
  await sign(devops, change);
  await expectState(sre, /Running|Watching/, 30_000);

  await engineering.goto('/changes');
  await engineering.getByRole('button', { name: 'Stop…' }).click();
  const dialog = engineering.getByRole('dialog', { name: 'Stop changes' });
  await dialog.getByLabel('Where').selectOption('service');
  await dialog.getByLabel('Service').selectOption('fraiseql-observers');
  await dialog.getByLabel('Reason').fill('The payment provider is down.');
  await dialog.getByRole('button', { name: 'Pull FREEZE' }).click();
  await expect(engineering.getByText('FREEZE of service fraiseql-observers')).toBeVisible();
  await expectState(sre, 'Frozen', 30_000);

  const release = async (page: typeof sre, button: string) => {
    await page.goto('/changes');
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('It is back.');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^(Ask for|Confirm) release$/ })
      .click();
    await expect(page.getByRole('dialog')).toBeHidden();
  };
  await release(engineering, 'Release…');
  await expect(engineering.getByRole('button', { name: 'Confirm release…' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await release(devops, 'Confirm release…');
  await expectState(sre, /Running|Watching/, 30_000);

  await sre.getByRole('button', { name: 'Abort and go back to 3 pods' }).click();
  await sre.getByRole('dialog').getByLabel('Reason').fill('Three are enough.');
  await sre.getByRole('dialog').getByRole('button', { name: 'Abort and go back to 3 pods' }).click();
  await expectState(sre, 'Backed out', 60_000);
  await expect(sre.getByText(/3 pods run again\./).first()).toBeVisible();
});
