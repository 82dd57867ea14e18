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

/** Cuts each copy of a database in half, once: a second call finds those that came since the first. */
function cutter(database: string): () => void {
  const { databases } = Databases.parse(parse(fs.readFileSync(stack().configFile, 'utf8')));
  const folder = databases.find(({ id }) => id === database)?.backup?.folder ?? '';
  const cut = new Set<string>();
  return () => {
    for (const name of fs.readdirSync(folder).filter((each) => each.endsWith('.dump'))) {
      if (cut.has(name)) continue;
      const file = path.join(folder, name);
      fs.truncateSync(file, Math.floor(fs.statSync(file).size / 2));
      cut.add(name);
    }
    if (cut.size === 0) throw new Error(`There is no copy of ${database}.`);
  };
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

  // Its schedule is hourly: where the hour turns meanwhile, a whole copy is there beside the one that was cut.
  const cutAll = cutter('fraiseql-api-us-east-1');
  await expect(async () => {
    cutAll();
    await expect(panel.getByText('No good copy').first()).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 200_000 });
  await expect(panel.getByText('Spoilt').first()).toBeVisible();
  await panel.getByText('newest first, with checks').click();
  await panel.locator('summary').filter({ hasText: 'Spoilt' }).first().click();
  await expect(panel.getByText(/L1 .*failed/).first()).toBeVisible();
  await expect(page.getByText(/has no good copy/).first()).toBeVisible();
});
