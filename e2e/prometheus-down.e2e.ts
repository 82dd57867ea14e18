import { leadRoles } from '../lib/access/model';
import { expect, expectState, pushVersion, requestDeploy, signAs, test } from './fixtures';
import { pretend } from './stack';

test('with Prometheus dead a rollout holds, pages keep their values, and both recover', async ({
  pageAs,
}) => {
  test.setTimeout(360_000);
  const sre = await pageAs('sre');
  const change = await requestDeploy(sre, {
    service: 'architect-api',
    region: 'eu-west-1',
    version: await pushVersion('architect-api', 'v3.2'),
  });
  await signAs(pageAs, change, leadRoles);
  await pretend.scenario('prometheus-down');
  await expectState(sre, 'Held: no verdict', 150_000);
  await expect(sre.getByText(/paused/).first()).toBeVisible();

  const overview = await pageAs('stakeholder');
  await overview.goto('/services');
  await expect(
    overview.getByRole('button', { name: /Data sources: .*Prometheus (late|failing)/ }),
  ).toBeVisible({ timeout: 40_000 });
  await expect(overview.getByText('FraiseQL API').first()).toBeVisible();
  await overview.goto('/logs');
  await expect(overview.getByRole('heading', { level: 1 })).toBeVisible();

  await pretend.scenario('calm');
  await expectState(sre, /Running|Watching/, 90_000);
  await expectState(sre, 'Succeeded', 240_000);
});
