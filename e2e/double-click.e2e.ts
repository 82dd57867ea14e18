import { z } from 'zod';
import { cancelRequest, expect, fillPlan, pushVersion, test } from './fixtures';

const Change = z.object({
  signOffs: z.array(z.looseObject({ role: z.string(), state: z.string() })),
  observations: z.array(z.looseObject({ sentence: z.string() })),
});
const Changes = z.object({ changes: z.array(z.looseObject({ id: z.string(), toVersion: z.string() })) });

test('a double click asks once, and the same sign-off sent twice counts once', async ({ pageAs }) => {
  const version = await pushVersion('fraiseql-observers', '8.1');
  const sre = await pageAs('sre');
  await fillPlan(sre, {
    service: 'fraiseql-observers',
    region: 'us-east-1',
    version,
  });
  await sre.getByRole('button', { name: /^Request sign-off from/ }).dblclick();
  await sre.waitForURL(/\/changes\/c-\d+$/);
  const answer = await sre.request.get('/api/v1/changes?service=fraiseql-observers&environment=production');
  const made = Changes.parse(await answer.json()).changes.filter((each) => each.toVersion === version);
  expect(made).toHaveLength(1);

  const lead = await pageAs('engineering_lead');
  await lead.goto(new URL(sre.url()).pathname);
  const dialog = lead.getByRole('dialog');
  const opener = lead.getByRole('button', { name: /^Sign as/ });
  const { x = 0, y = 0 } = (await opener.boundingBox()) ?? {};
  expect(x * y).toBeGreaterThan(0);
  await opener.click();
  await expect(dialog).toBeVisible();
  // The second click of a hand comes when the dialog is there, and lands beside it.
  await lead.mouse.click(x + 2, y + 2);
  const sending = lead.waitForRequest((request) => request.url().endsWith('/sign-offs'));
  await dialog.getByRole('button', { name: 'Sign', exact: true }).dblclick();
  const sent = await sending;
  await expect(dialog).toBeHidden();
  // The same request once more, as after a lost answer.
  const { origin, 'idempotency-key': key = '', 'content-type': type = '' } = await sent.allHeaders();
  const again = await lead.request.post(sent.url(), {
    headers: { origin: origin ?? new URL(sent.url()).origin, 'idempotency-key': key, 'content-type': type },
    data: sent.postData() ?? '',
  });
  expect(again.status()).toBe((await sent.response())?.status());
  expect(again.ok()).toBe(true);
  const change = Change.parse(await (await sre.request.get(`/api/v1/changes/${made[0]?.id}`)).json());
  expect(change.signOffs.filter(({ state }) => state === 'signed').map(({ role }) => role)).toEqual([
    'engineering_lead',
  ]);
  expect(change.observations.filter(({ sentence }) => sentence.includes(' signed as '))).toHaveLength(1);
  await cancelRequest(sre);
});
