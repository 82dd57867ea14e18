import type { Page } from '@playwright/test';
import { z } from 'zod';
import { writesTo } from './cluster';
import { expect, expectState, pushVersion, requestDeploy, sign, test } from './fixtures';

const Me = z.looseObject({ waiting: z.looseObject({ approvals: z.number() }) });
/** Requests that wait for the person of a page: an earlier journey may have left one. */
const waitingFor = async (page: Page) =>
  Me.parse(await (await page.request.get('/api/v1/me')).json()).waiting.approvals;

/** From the button to the cluster to the record: asked by an SRE, signed by two leads, rolled out, watched, recorded. */
test('a deploy goes from request to sign-off to a recorded outcome', async ({ pageAs }) => {
  test.setTimeout(240_000);
  const sre = await pageAs('sre');
  await sre.goto('/');
  // A canary that failed here minutes ago may fire its alert still: the sentence judges, whatever it says.
  await expect(sre.getByRole('heading', { level: 1 })).toContainText(/ (is|are) (healthy|degraded|down)/);
  const engineering = await pageAs('engineering_lead');
  const waiting = await waitingFor(engineering);
  const before = (await writesTo('eu-west-1', 'fraiseql-api')).length;
  const version = await pushVersion('fraiseql-api', '2.0');
  const change = await requestDeploy(sre, { service: 'fraiseql-api', region: 'eu-west-1', version });
  await expectState(sre, 'Awaiting sign-off');
  await expect(
    sre.getByText(/asked for .* cannot sign|never .* own request|own request/i).first(),
  ).toBeVisible();
  expect((await writesTo('eu-west-1', 'fraiseql-api')).length).toBe(before);

  await engineering.goto('/approvals');
  await expect(engineering).toHaveTitle(new RegExp(`^\\(${waiting + 1}\\) `));
  await engineering
    .getByRole('link', { name: /Deploy FraiseQL API/ })
    .first()
    .click();
  await expect(engineering.getByText('What changes in the cluster')).toBeVisible();
  await sign(engineering, change);
  await expect(engineering).toHaveTitle(waiting === 0 ? /^[^(]/ : new RegExp(`^\\(${waiting}\\) `));
  const devops = await pageAs('devops_lead');
  await sign(devops, change);

  await expectState(sre, 'Running', 30_000);
  await expectState(sre, 'Watching', 120_000);
  await expectState(sre, 'Succeeded', 120_000);
  const writes = (await writesTo('eu-west-1', 'fraiseql-api'))
    .slice(before)
    .filter((write) => write.status < 300);
  expect(writes.filter((write) => write.verb === 'patch').map((write) => write.impersonated?.user)).toContain(
    'sam@demo.example',
  );

  await sre.goto('/services/fraiseql-api?environment=production&region=eu-west-1&tab=workloads');
  await expect(sre.getByRole('cell', { name: version }).first()).toBeVisible();

  await sre.goto(`/audit?change=${change}`);
  const acts = [
    'Change requested',
    'Change signed off',
    'All sign-offs given',
    'Change started',
    'Write settled',
    'Watch started',
    'Change succeeded',
  ];
  for (const name of acts) await expect(sre.getByRole('button', { name }).first()).toBeVisible();
  await expect(sre.getByText(/^Verified to entry/)).toBeVisible();
});
