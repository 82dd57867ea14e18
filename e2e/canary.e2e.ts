import type { Page } from '@playwright/test';
import { z } from 'zod';
import { epochSeconds, trafficOf } from './cluster';
import { expect, expectState, type PageAs, pushVersion, requestDeploy, signAs, test } from './fixtures';
import { editMesh, gatewayWeights, meshWeights } from './routes';
import { pretend } from './stack';

const Costly = z.object({
  change: z.looseObject({ startedAt: z.string() }),
  plan: z.looseObject({
    staged: z.looseObject({
      forecast: z.looseObject({ steps: z.array(z.looseObject({ totalFailure: z.number() })) }),
    }),
  }),
});

type Wanted = { service: string; region: 'us-east-1' | 'eu-west-1'; version: string };

/** Asks for a canary, has it signed, and stays on its page. */
async function canary(pageAs: PageAs, wanted: Wanted): Promise<{ page: Page; change: string }> {
  const page = await pageAs('sre');
  const change = await requestDeploy(page, { ...wanted, strategy: 'canary' });
  await signAs(pageAs, change, ['engineering_lead', 'devops_lead']);
  return { page, change };
}

async function abort(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Abort/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('Enough was seen for this journey.');
  await dialog.getByRole('button', { name: /^Abort/ }).click();
}

/** Each worker of the runner takes one when it is free: every one has a production of its own. */
test.describe.configure({ mode: 'parallel' });

const holding = (page: Page) => page.getByRole('progressbar', { name: 'Time of the hold that counts' });

test('a canary is stopped by its own analysis at 5 % and costs no more than the forecast said it might', async ({
  pageAs,
}) => {
  test.setTimeout(300_000);
  // It breaks the version that comes next by the pretend production's own list.
  await pretend.scenario('broken-release');
  const { page, change: id } = await canary(pageAs, {
    service: 'fraiseql-api',
    region: 'us-east-1',
    version: '2.0.0',
  });
  await expectState(page, 'Running', 60_000);
  await expect.poll(() => meshWeights('us-east-1'), { timeout: 90_000 }).toEqual([90, 5, 5]);
  await expectState(page, 'Backed out', 240_000);
  await expect(page.getByText(/The analysis failed in us-east-1/).first()).toBeVisible();
  expect(await meshWeights('us-east-1')).toEqual([100, 0]);
  const { plan, change } = Costly.parse(await (await page.request.get(`/api/v1/changes/${id}`)).json());
  const span = { from: Date.parse(change.startedAt) / 1000, to: epochSeconds() };
  const where = { service: 'fraiseql-api', cluster: 'us-east-1', namespace: 'fraiseql' } as const;
  // All that failed of the version, from its first request to its last, as the traffic itself drew them.
  const { failures } = await trafficOf({ ...where, ...span, version: '2.0.0' });
  expect(failures).toBeGreaterThanOrEqual(3);
  expect(failures).toBeLessThanOrEqual(Math.ceil(plan.staged.forecast.steps[0]?.totalFailure ?? 0));
});

test('a hand edit in the hold holds the change and names who wrote; an abort puts all back with one write', async ({
  pageAs,
}) => {
  test.setTimeout(300_000);
  const { page } = await canary(pageAs, {
    service: 'fraiseql-api',
    region: 'eu-west-1',
    version: await pushVersion('fraiseql-api', '2.0'),
  });
  await expect(holding(page)).toBeVisible({ timeout: 150_000 });
  await editMesh('eu-west-1', 60);
  await expectState(page, 'Held: changed by somebody else', 30_000);
  await expect(
    page.getByText(/“kubectl-edit” changed the routes of VirtualService fraiseql-api/).first(),
  ).toBeVisible();
  expect(await meshWeights('eu-west-1')).toEqual([60, 40, 0]);
  await abort(page);
  await expectState(page, 'Backed out', 120_000);
  expect(await meshWeights('eu-west-1')).toEqual([100, 0]);
});

test('a reverter is met twice, then held and named', async ({ pageAs }) => {
  test.setTimeout(300_000);
  const application = { cluster: 'us-east-1', service: 'fraiseql-observers' };
  await pretend.post('/applications', { ...application, selfHeal: false });
  try {
    const { page } = await canary(pageAs, {
      service: 'fraiseql-observers',
      region: 'us-east-1',
      version: await pushVersion('fraiseql-observers', '8.1'),
    });
    await expect(holding(page)).toBeVisible({ timeout: 150_000 });
    await pretend.post('/applications', { ...application, selfHeal: true });
    await expectState(page, 'Held: changed by somebody else', 60_000);
    const held = page.getByText(/Argo CD's Application fraiseql-observers has put .* back twice/).first();
    await expect(held).toBeVisible();
    await expect(held).toContainText('.spec.rules[].backendRefs[].weight');
    await pretend.remove('/applications', application);
    await abort(page);
    await expectState(page, 'Backed out', 120_000);
    expect(await gatewayWeights('us-east-1')).toEqual([100, 0]);
  } finally {
    await pretend.remove('/applications', application);
  }
});

test('a canary goes through all its weights', async ({ pageAs }) => {
  test.setTimeout(480_000);
  const version = await pushVersion('fraiseql-observers', '8.1');
  const { page, change } = await canary(pageAs, {
    service: 'fraiseql-observers',
    region: 'eu-west-1',
    version,
  });
  await expectState(page, 'Succeeded', 460_000);
  expect(await gatewayWeights('eu-west-1')).toEqual([0, 100]);
  const sre = await pageAs('sre');
  await sre.goto('/services/fraiseql-observers?environment=production&region=eu-west-1');
  await expect(sre.getByText(version).first()).toBeVisible();
  await sre.goto(`/audit?change=${change}`);
  await expect(sre.getByRole('button', { name: 'Step done' }).first()).toBeVisible();
});
