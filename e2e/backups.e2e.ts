import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { expect, test } from './fixtures';
import { stack } from './stack';

const Databases = z.looseObject({
  databases: z.array(
    z.looseObject({ id: z.string(), backup: z.looseObject({ folder: z.string() }).optional() }),
  ),
});

/** The file of the newest copy of a database, where the worker put it. */
function newestCopy(database: string): string {
  const { databases } = Databases.parse(parse(fs.readFileSync(stack().configFile, 'utf8')));
  const folder = databases.find(({ id }) => id === database)?.backup?.folder ?? '';
  const dumps = fs.readdirSync(folder).filter((name) => name.endsWith('.dump'));
  const newest = dumps.toSorted().at(-1);
  if (newest === undefined) throw new Error(`There is no copy of ${database}.`);
  return path.join(folder, newest);
}

test('a scheduled copy is proven by a restore, and one that was cut since is called good no more', async ({
  pageAs,
}) => {
  test.setTimeout(300_000);
  const page = await pageAs('sre');
  await page.goto('/backups');
  const heading = page.getByRole('heading', { name: 'FraiseQL, us-east-1', exact: true });
  const panel = page.locator('section').filter({ has: heading });
  await expect(panel.getByText('L4 Restored').first()).toBeVisible({ timeout: 120_000 });
  await expect(panel.getByText('No good copy')).toHaveCount(0);

  const copy = newestCopy('fraiseql-api-us-east-1');
  fs.truncateSync(copy, Math.floor(fs.statSync(copy).size / 2));
  await expect(panel.getByText('Spoilt').first()).toBeVisible({ timeout: 150_000 });
  await expect(panel.getByText('No good copy').first()).toBeVisible();
  await panel.getByText('newest first, with checks').click();
  await panel.locator('summary').filter({ hasText: 'Spoilt' }).first().click();
  await expect(panel.getByText(/L1 .*failed/).first()).toBeVisible();
  await expect(page.getByText(/has no good copy/).first()).toBeVisible();
});
