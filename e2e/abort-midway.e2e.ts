import { expect, expectState, pushVersion, requestDeploy, signAs, test } from './fixtures';

test('an abort in mid-rollout restores the version that served before', async ({ pageAs }) => {
  test.setTimeout(240_000);
  const sre = await pageAs('sre');
  const version = await pushVersion('fraiseql-api', '2.0');
  const change = await requestDeploy(sre, { service: 'fraiseql-api', region: 'us-east-1', version });
  await signAs(pageAs, change, ['engineering_lead', 'devops_lead']);
  await expectState(sre, 'Running', 30_000);
  await expect(sre.getByText(new RegExp(`[1-9] of 3 on ${version}`))).toBeVisible({ timeout: 60_000 });
  await sre.getByRole('button', { name: /^Abort and go back/ }).click();
  const dialog = sre.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await dialog.getByLabel('Reason').fill('The dashboards look wrong to me.');
  await dialog.getByRole('button', { name: /^Abort and go back/ }).click();
  await expectState(sre, 'Backed out', 120_000);
  await sre.goto('/services/fraiseql-api?environment=production&region=us-east-1&tab=workloads');
  await expect(sre.getByRole('cell', { name: version, exact: true })).toHaveCount(0, { timeout: 60_000 });
  await sre.goto(`/audit?change=${change}`);
  await expect(sre.getByRole('table').getByText(/abort/i).first()).toBeVisible();
});
