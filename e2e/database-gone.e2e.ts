import { expect, test } from './fixtures';
import { parts, stack } from './stack';

test('with the database gone pages keep their values, writes wait, the public page stays, and all comes back', async ({
  browser,
  pageAs,
}) => {
  test.setTimeout(240_000);
  const overview = await pageAs('sre');
  await overview.goto('/services');
  await expect(overview.getByText('FraiseQL API').first()).toBeVisible();
  const plan = await pageAs('sre');
  await plan.goto(
    '/changes/new/deploy?service=fraiseql-observers&environment=staging&region=us-east-1&version=8.1.5',
  );
  await plan.getByLabel('Reason').fill('Long enough a reason to be accepted by the policy of staging.');
  const ask = plan.getByRole('button', { name: /^Request sign-off/ });
  await expect(ask).not.toHaveAttribute('aria-disabled', 'true');
  const audit = await pageAs('stakeholder');
  await audit.goto('/audit');
  await expect(audit.getByText(/^Verified to entry/)).toBeVisible();
  const entries = audit.getByRole('table').getByRole('row');
  await expect(entries.nth(1)).toBeVisible();
  const rows = await entries.count();
  const outside = await browser.newContext({ baseURL: stack().web, javaScriptEnabled: false });
  const reader = await outside.newPage();

  await parts.stop('database');
  try {
    const banner = /database does not answer.*Nothing can be sent until it is back/;
    for (const page of [overview, plan, audit]) {
      await expect(page.getByRole('status').filter({ hasText: banner })).toBeVisible({ timeout: 60_000 });
    }
    await expect(overview.getByText('FraiseQL API').first()).toBeVisible();
    await expect(ask).toHaveAttribute('aria-disabled', 'true');
    await expect(plan.getByLabel('Reason')).toHaveValue(/^Long enough/);
    // One may have come in before the database went.
    expect(await entries.count()).toBeGreaterThanOrEqual(rows);
    await expect(audit.getByText(/^Entries as read/)).toBeVisible({ timeout: 30_000 });

    const read = await overview.request.get('/api/v1/audit');
    expect(read.status()).toBe(503);
    expect(await read.json()).toMatchObject({ code: 'unavailable', detail: /database/ });
    const write = await overview.request.post('/api/v1/plans', {
      data: {
        kind: 'deploy',
        service: 'fraiseql-api',
        environment: 'staging',
        region: 'us-east-1',
        version: '2.0.1',
      },
      headers: { 'idempotency-key': crypto.randomUUID(), origin: stack().web },
    });
    expect(write.status()).toBe(503);
    const ready = await overview.request.get('/ready');
    expect(ready.status()).toBe(503);

    await reader.goto('/status');
    await expect(reader.getByRole('heading', { level: 1 })).toHaveText('FraiseQL and Architect status');
    await expect(reader.getByRole('heading', { name: 'Systems' })).toBeVisible();
    await expect(reader.getByText(/^As of /)).toBeVisible();
  } finally {
    await parts.start('database');
  }
  for (const page of [overview, plan, audit]) {
    await expect(page.getByText(/Nothing can be sent until it is back/)).toHaveCount(0, { timeout: 60_000 });
  }
  await expect(ask).not.toHaveAttribute('aria-disabled', 'true', { timeout: 30_000 });
  await expect
    .poll(async () => (await overview.request.get('/ready')).status(), { timeout: 60_000 })
    .toBe(200);
  await expect
    .poll(async () => (await fetch(`${stack().worker}/ready`)).status, { timeout: 60_000 })
    .toBe(200);
  await audit.getByRole('button', { name: 'Verify now' }).click();
  await expect(audit.getByText(/^Verified to entry/)).toBeVisible();
  await outside.close();
});
