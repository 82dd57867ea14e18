import { z } from 'zod';
import { expect, test } from './fixtures';
import { contextAs } from './sessions';
import { pretend } from './stack';

const Rows = z.looseObject({
  pods: z.looseObject({ value: z.array(z.looseObject({ name: z.string(), ready: z.boolean() })) }),
});

test('a pod that dies in the cluster is seen without a reload', async ({ pageAs }) => {
  const sre = await pageAs('sre');
  await sre.goto('/services/fraiseql-observers?environment=production&region=eu-west-1&tab=workloads');
  await expect(sre.getByText(/3 of 3 ready/).first()).toBeVisible();
  const answer = await sre.request.get(
    '/api/v1/services/fraiseql-observers/workloads?environment=production&region=eu-west-1',
  );
  const pod = Rows.parse(await answer.json()).pods.value.find((each) => each.ready)?.name ?? '';
  await pretend.post('/pods/kill', { cluster: 'eu-west-1', namespace: 'fraiseql', name: pod });
  const row = sre.getByRole('row').filter({ hasText: pod });
  await expect(row).not.toContainText('Ready', { timeout: 10_000 });
  await expect(row).toContainText('Ready', { timeout: 60_000 });
});

test('eight tabs share one stream, and the ninth loads', async ({ browser }) => {
  const context = await contextAs(browser, 'sre');
  const streams: string[] = [];
  context.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/v1/live') streams.push(request.url());
  });
  for (let tab = 0; tab < 8; tab += 1) {
    const page = await context.newPage();
    await page.goto(tab % 2 === 0 ? '/' : '/logs');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  }
  const ninth = await context.newPage();
  await ninth.goto('/services');
  await expect(ninth.getByRole('heading', { name: 'Services', exact: true })).toBeVisible();
  await expect(ninth.getByText('FraiseQL API').first()).toBeVisible();
  expect(streams.length).toBeGreaterThan(0);
  expect(streams.length).toBeLessThanOrEqual(4);
  await context.close();
});
