import { execFile } from 'node:child_process';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { Client } from 'pg';
import { expect, test } from './fixtures';
import { stack } from './stack';

const root = path.join(import.meta.dirname, '..');
const broken = 2;

/** What only somebody with the database's own rights can do: take the guard off, write, put it back on. */
async function rewrite(sql: Client, seq: number, body: string): Promise<void> {
  await sql.query('ALTER TABLE audit.entry DISABLE TRIGGER entry_append_only');
  await sql.query('UPDATE audit.entry SET body = $2 WHERE seq = $1', [seq, body]);
  await sql.query('ALTER TABLE audit.entry ENABLE ALWAYS TRIGGER entry_append_only');
}

/** Runs the command line against the stack's database: its exit code and all it printed. */
function verify(): Promise<{ code: number; output: string }> {
  const env = { ...process.env, DATABASE_URL: stack().databaseUrl, SIGNALBOX_CONFIG: stack().configFile };
  const args = [path.join(root, 'bin/signalbox.mjs'), 'audit', 'verify'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, env }, (error, stdout, stderr) => {
      resolve({
        code: typeof error?.code === 'number' ? error.code : error ? 1 : 0,
        output: `${stdout}${stderr}`,
      });
    });
  });
}

/** A verdict is shared for a few seconds, so the button may have to be pressed again. */
const verifyNow = (page: Page, words: string | RegExp) =>
  expect(async () => {
    await page.getByRole('button', { name: 'Verify now' }).click();
    await expect(page.getByText(words)).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 30_000 });

test('an entry that was changed in the database is named by the page and by the command line', async ({
  pageAs,
}) => {
  const page = await pageAs('stakeholder');
  await page.goto('/audit');
  await expect(page.getByText(/^Verified to entry/)).toBeVisible();
  const sql = new Client({ connectionString: stack().databaseUrl });
  await sql.connect();
  const found = await sql.query<{ body: string }>('SELECT body FROM audit.entry WHERE seq = $1', [broken]);
  const original = found.rows[0]?.body ?? '';
  expect(original).not.toBe('');
  await expect(sql.query('UPDATE audit.entry SET body = body WHERE seq = $1', [broken])).rejects.toThrow(
    /append-only/,
  );
  try {
    await rewrite(sql, broken, original.replace('"result":"ok"', '"result":"refused"'));
    await verifyNow(page, `Entry ${broken} does not verify`);
    await page.reload();
    await expect(page.getByText(`Entry ${broken} does not verify`)).toBeVisible();
    const told = await verify();
    expect(told.output).toContain(`broken at entry ${broken}`);
    expect(told.code).toBe(1);
  } finally {
    await rewrite(sql, broken, original);
    await sql.end();
  }
  await verifyNow(page, /^Verified to entry/);
  const whole = await verify();
  expect(whole.output).toContain('verifies up to entry');
  expect(whole.code).toBe(0);
});
