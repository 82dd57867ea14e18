import { api, paths } from '../lib/core/paths';
import { GateView } from '../lib/slo/gate/contract';
import { expect, test } from './fixtures';

const healthy = { service: 'fraiseql-api', environment: 'production' };
/** Staging has no recorded past, so nobody knows this budget: its policy asks for more sign-offs. */
const unknown = { service: 'architect-api', environment: 'staging' };

test('the gate of a healthy service is open, with figures and their age, for a pipeline too', async ({
  pageAs,
}) => {
  const { request } = await pageAs('stakeholder');
  const address = api.serviceGate(healthy.service, healthy.environment);
  const ask = async () => GateView.parse(await (await request.get(address)).json());
  // After a start the recorder has to fill in the past before anybody knows the budget.
  await expect.poll(async () => (await ask()).objectives[0]?.unknown, { timeout: 45_000 }).toBeNull();
  const gate = await ask();
  expect(gate).toMatchObject({ ...healthy, open: true, verdict: 'open', basis: 'budget', signOffs: [] });
  expect(gate.objectives).toMatchObject([{ id: 'fraiseql-api-availability', verdict: 'open', below: null }]);
  expect(gate.objectives[0]?.budgetLeft).toBeGreaterThan(0.25);
  expect(gate.objectives[0]?.asOf).not.toBeNull();
  const text = await request.get(`${address}&format=text`);
  expect(text.headers()['content-type']).toContain('text/plain');
  expect((await text.text()).split('\n')[0]).toBe('open');
  expect((await request.get(api.serviceGate(healthy.service, 'mars'))).status()).toBe(404);
});

test('who only reads sees on both pages how the gate stands, and opens its figures by key', async ({
  pageAs,
}) => {
  const page = await pageAs('stakeholder');
  await page.goto(paths.slo('fraiseql-api-availability'));
  await expect(page.getByText('Deploy gate open.')).toBeVisible();
  await page.getByTestId('gate').locator('summary').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/never waits for the error budget/)).toBeVisible();
  await page.goto(paths.service(unknown.service, { environment: unknown.environment }));
  await expect(page.getByText('A deploy needs 1 more sign-off.')).toBeVisible();
});

test('a plan names who signs because of the budget, and why', async ({ pageAs }) => {
  const page = await pageAs('sre');
  await page.goto(paths.newChange('deploy', { ...unknown, region: 'us-east-1', version: 'v3.2.8' }));
  await expect(page.getByText('2 people must sign')).toBeVisible({ timeout: 45_000 });
  await expect(page.getByText('also DevOps Lead', { exact: false })).toBeVisible();
  await expect(page.getByText(/Less than half of its window is recorded/).first()).toBeVisible();
  await page.goto(paths.newChange('deploy', { ...healthy, region: 'us-east-1', version: '2.0.8' }));
  await expect(page.getByText('2 people must sign')).toBeVisible({ timeout: 45_000 });
  await expect(page.getByText('Engineering Lead, DevOps Lead').first()).toBeVisible();
  await expect(page.getByText(/also CTO/)).toHaveCount(0);
});
