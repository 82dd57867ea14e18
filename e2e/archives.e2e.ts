import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { expect, test } from './fixtures';
import { stack } from './stack';

const Folder = z.looseObject({ archives: z.looseObject({ folder: z.string() }) });
const run = promisify(execFile);

test('configuration and audit log are archived by themselves, proven, and verified without the console', async ({
  pageAs,
}) => {
  test.setTimeout(240_000);
  const page = await pageAs('sre');
  await page.goto('/backups');
  const regionOf = (name: string) => page.getByRole('region', { name, exact: true });
  const part = regionOf('Configuration');
  for (const region of [part, regionOf('Audit log')])
    await expect(region.locator('dl').getByText('L4 Proven')).toBeVisible({ timeout: 90_000 });
  await part.getByText('newest first, with checks and evidence').click();
  await part.locator('li summary').first().click();
  await expect(part.getByText('Configuration is valid').first()).toBeVisible();
  await expect(part.getByText(/^Files: /)).toContainText('signalbox.yaml');

  const { archives } = Folder.parse(parse(fs.readFileSync(stack().configFile, 'utf8')));
  const files = fs
    .readdirSync(archives.folder)
    .filter((name) => name.endsWith('.gz') && !name.startsWith('.'));
  expect(files.length).toBeGreaterThan(1);
  const { stdout } = await run(
    process.execPath,
    ['bin/signalbox.mjs', 'archive', 'verify', ...files.map((name) => path.join(archives.folder, name))],
    { cwd: path.resolve(import.meta.dirname, '..') },
  );
  expect(stdout.match(/^It holds\.$/gm)).toHaveLength(files.length);
});
