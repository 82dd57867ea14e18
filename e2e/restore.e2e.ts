import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import type { Page } from '@playwright/test';
import { Client } from 'pg';
import { parse } from 'yaml';
import { z } from 'zod';
import { expect, expectState, test } from './fixtures';
import { looksRight } from './looks';
import { stack } from './stack';

const Databases = z.looseObject({
  databases: z.array(z.looseObject({ id: z.string(), signal: z.object({ file: z.string() }).optional() })),
});

const database = { id: 'architect-api-us-east-1', name: 'Architect, us-east-1' };
const service = 'architect-api';

/** A connection to the database, as its service has one. */
function asService(): Client {
  const { databases } = Databases.parse(parse(fs.readFileSync(stack().configFile, 'utf8')));
  const file = databases.find(({ id }) => id === database.id)?.signal?.file;
  if (file === undefined) throw new Error(`No account ends sessions of ${database.id}.`);
  // The accounts of the demo have one password.
  const url = new URL(fs.readFileSync(file, 'utf8').trim());
  url.username = 'services';
  const client = new Client({ connectionString: url.href, application_name: 'journey' });
  client.on('error', () => undefined);
  return client;
}

async function query<Row extends object>(text: string, ...values: string[]): Promise<Row[]> {
  const client = asService();
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
const isThere = async (name: string): Promise<boolean> =>
  (await query('SELECT FROM tb_project WHERE name = $1', name)).length === 1;

/** The plan of a restore of the newest copy that may be restored, from the page of backups. */
async function openPlan(page: Page): Promise<void> {
  await page.goto('/backups');
  const heading = page.getByRole('heading', { name: database.name, exact: true });
  const panel = page.locator('section').filter({ has: heading });
  await expect(panel.getByText('L4 Restored').first()).toBeVisible({ timeout: 120_000 });
  const list = panel.locator('details').filter({ has: page.getByText('Copies', { exact: true }) });
  await list.locator('> summary').click();
  const proven = list.locator('li').filter({ hasText: 'L4 Restored' }).filter({ hasText: 'Stays' }).first();
  await proven.locator('> details > summary').click();
  await proven.getByRole('link', { name: /^Restore… / }).click();
  await page.waitForURL(/\/changes\/new\/restore/);
}

async function signTyped(page: Page, change: string): Promise<void> {
  await page.goto(`/changes/${change}`);
  await page.getByRole('button', { name: /^Sign as/ }).click();
  const dialog = page.getByRole('dialog');
  const button = dialog.getByRole('button', { name: 'Sign', exact: true });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByLabel('Name of the service').fill(service);
  await button.click();
  await expect(dialog).toBeHidden();
}

test('a copy is put back by five people, seen in use, and taken back by an abort', async ({ pageAs }) => {
  test.setTimeout(600_000);
  const written = `journey-${randomUUID()}`;
  const sre = await pageAs('sre');
  await openPlan(sre);
  await query('INSERT INTO tb_project (name, budget) VALUES ($1, 1)', written);
  const forgotten = asService();
  await forgotten.connect();
  try {
    await sre.getByLabel('Reason').fill('Rows were deleted by mistake; the copy still has them.');
    const send = sre.getByRole('button', { name: /^Request sign-off from 4/ });
    await expect(send).toHaveAttribute('title', /Type the name of the service first/, { timeout: 60_000 });
    await expect(sre.getByText('everything that was written since').first()).toBeVisible();
    await looksRight(sre, 'plan of a restore');
    await sre.getByLabel('Name of the service').fill(service);
    await expect(send).not.toHaveAttribute('aria-disabled', 'true');
    await send.click();
    await sre.waitForURL(/\/changes\/c-\d+$/);
    const change = new URL(sre.url()).pathname.split('/').at(-1) ?? '';
    for (const role of ['engineering_lead', 'devops_lead', 'security_lead', 'cto'] as const) {
      const page = await pageAs(role);
      await signTyped(page, change);
      await page.close();
    }

    await expectState(sre, 'Watching', 240_000);
    expect(await isThere(written)).toBe(false);
    await expect(forgotten.query('SELECT 1')).rejects.toThrow();
    await sre.getByRole('button', { name: 'Abort and switch back' }).click();
    const dialog = sre.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('The rows of today are needed more.');
    await dialog.getByRole('button', { name: 'Abort and switch back' }).click();
    await expectState(sre, 'Backed out', 120_000);
    expect(await isThere(written)).toBe(true);

    await expect(sre.getByText('In use again, as it was when it was closed.')).toBeVisible();
    await expect(
      sre.getByRole('img', { name: new RegExp(`^Load of ${database.name}: fetch .*checks`) }),
    ).toBeVisible();
    await looksRight(sre, 'restore that was taken back');
    const record = await (await sre.request.get(`/api/v1/changes/${change}/record?format=text`)).text();
    expect(record).toContain('Kept beside: ');
    await sre.goto('/backups');
    const panel = sre
      .locator('section')
      .filter({ has: sre.getByRole('heading', { name: database.name, exact: true }) });
    await expect(panel.getByText(/What was restored, and taken back/).first()).toBeVisible();
    await expect(panel.getByRole('link', { name: change, exact: true }).first()).toBeVisible();
  } finally {
    await forgotten.end().catch(() => undefined);
  }
});
