import { cancelRequest, expect, requestDeploy, test } from './fixtures';
import { stack } from './stack';

test('the requester cannot sign, neither on the page nor past it', async ({ pageAs }) => {
  const sre = await pageAs('sre');
  const change = await requestDeploy(sre, {
    service: 'fraiseql-observers',
    region: 'us-east-1',
    version: '8.1.5',
  });
  await expect(sre.getByRole('button', { name: /^Sign/ })).toHaveAttribute('aria-disabled', 'true');
  const hash = await sre.evaluate(async (id) => {
    const answer = await fetch(`/api/v1/changes/${id}`);
    const body: unknown = await answer.json();
    return JSON.stringify(body).match(/"planHash":"([^"]+)"/)?.[1] ?? '';
  }, change);
  const answer = await sre.request.post(`/api/v1/changes/${change}/sign-offs`, {
    data: { role: 'engineering_lead', planHash: hash },
    headers: { 'idempotency-key': crypto.randomUUID(), origin: stack().web, 'sec-fetch-site': 'same-origin' },
  });
  expect(answer.status()).toBe(403);
  expect(await answer.json()).toMatchObject({ code: 'forbidden' });
  await sre.goto(`/audit?change=${change}`);
  await expect(
    sre
      .getByRole('table')
      .getByText(/refused/i)
      .first(),
  ).toBeVisible();

  await sre.goto(`/changes/${change}`);
  await cancelRequest(sre);
});
