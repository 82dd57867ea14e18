import { demoAccounts } from '../scripts/stack/accounts';
import { writesOf } from './cluster';
import { expect, expectState, pushVersion, requestDeploy, signAs, test } from './fixtures';
import { colourOf } from './routes';

const leads = demoAccounts.map(({ role }) => role).filter((role) => role !== 'sre' && role !== 'stakeholder');

test('a blue-green deploy takes two regions, and one write takes each back', async ({ pageAs }) => {
  test.setTimeout(600_000);
  const page = await pageAs('sre');
  const change = await requestDeploy(page, {
    service: 'architect-api',
    region: 'us-east-1',
    regions: 'us-east-1,eu-west-1',
    version: await pushVersion('architect-api', 'v3.2'),
    strategy: 'blue-green',
  });
  await signAs(pageAs, change, leads);
  await expect.poll(() => colourOf('us-east-1'), { timeout: 120_000 }).toBe('green');
  // The second region waits until the first has soaked.
  expect(await colourOf('eu-west-1')).toBe('blue');
  await expectState(page, 'Succeeded', 420_000);
  expect(await colourOf('eu-west-1')).toBe('green');

  await page.goto(
    '/changes/new/rollback?service=architect-api&environment=production&region=us-east-1&replicaSet=pair',
  );
  await page.getByLabel('Reason').fill('The old version is wanted back, for the sake of the journey.');
  await page.getByRole('button', { name: /^Request sign-off from/ }).click();
  await page.waitForURL(/\/changes\/c-\d+$/);
  const back = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const before = (await writesOf('us-east-1', 'services', 'architect-api')).length;
  await signAs(pageAs, back, ['engineering_lead', 'devops_lead']);
  await expectState(page, 'Succeeded', 240_000);
  expect(await colourOf('us-east-1')).toBe('blue');
  expect((await writesOf('us-east-1', 'services', 'architect-api')).length).toBe(before + 1);
});
