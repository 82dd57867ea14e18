import { expect, test } from './fixtures';
import { stack } from './stack';

test('a lead publishes, updates and resolves a message that everybody reads without sign-in and script', async ({
  browser,
  pageAs,
}) => {
  test.setTimeout(240_000);
  const title = `Slow answers of the API ${Math.floor(Date.now() / 1000)}`;
  const lead = await pageAs('head_of_support');
  const outside = await browser.newContext({ baseURL: stack().web, javaScriptEnabled: false });
  const reader = await outside.newPage();
  /** The public page is a document: it is read again until the next publication shows the words. */
  const shows = (words: string | RegExp) =>
    expect(async () => {
      await reader.goto('/status');
      await expect(reader.getByText(words).first()).toBeVisible({ timeout: 1000 });
    }).toPass({ timeout: 60_000 });

  await reader.goto('/status');
  await expect(reader.getByRole('heading', { level: 1 })).toHaveText('FraiseQL and Architect status');
  for (const system of ['FraiseQL API', 'FraiseQL observers', 'Architect Dashboard API']) {
    await expect(reader.getByRole('heading', { level: 3, name: system })).toBeVisible();
  }

  await lead.goto('/status-page');
  await lead.getByRole('button', { name: 'Write a message…' }).click();
  await lead.getByRole('textbox', { name: 'Title' }).fill(title);
  await lead.getByLabel('Impact').selectOption({ label: 'Minor impact' });
  await lead.getByRole('checkbox').first().check();
  await lead
    .getByRole('textbox', { name: 'Text' })
    .fill('Some requests take longer than usual. We look into it.');
  await lead.getByRole('button', { name: 'Publish message' }).click();
  await expect(lead.getByText(/^Message published/)).toBeVisible();
  await shows(title);
  await expect(reader.getByText('Some requests take longer than usual. We look into it.')).toBeVisible();

  await lead.getByRole('button', { name: 'Post an update' }).first().click();
  await lead.getByLabel('State').selectOption({ label: 'Identified' });
  await lead.getByRole('textbox', { name: 'Text' }).fill('A cache was cold. It fills up now.');
  await lead.getByRole('button', { name: 'Post update' }).click();
  await shows('A cache was cold. It fills up now.');

  await lead.getByRole('button', { name: 'Resolve', exact: true }).first().click();
  await lead.getByRole('textbox', { name: 'Text' }).fill('Answers are as fast as before.');
  await lead.getByRole('button', { name: 'Resolve message' }).click();
  await shows('Answers are as fast as before.');
  await expect(reader.getByRole('heading', { name: 'Past messages' })).toBeVisible();

  await lead.goto('/audit?action=status');
  for (const word of [/publish/i, /update/i, /resolve/i]) {
    await expect(lead.getByRole('table').getByText(word).first()).toBeVisible();
  }
  await outside.close();
});

test('people without a lead role may not publish, neither on the page nor past it', async ({ pageAs }) => {
  const sre = await pageAs('sre');
  await sre.goto('/status-page');
  await expect(sre.getByText(/^Publishing on the status page is for the leads/).first()).toBeVisible();
  await expect(sre.getByRole('button', { name: 'Write a message…' })).toHaveCount(0);
  const answer = await sre.request.post('/api/v1/status/messages', {
    data: { title: 'Not mine', impact: 'minor', state: 'investigating', components: [], body: 'Not mine.' },
    headers: { 'idempotency-key': crypto.randomUUID(), origin: stack().web, 'sec-fetch-site': 'same-origin' },
  });
  expect(answer.status()).toBe(403);
});
