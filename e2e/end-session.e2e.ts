import fs from 'node:fs';
import { Client } from 'pg';
import { parse } from 'yaml';
import { z } from 'zod';
import { expect, expectState, sign, test } from './fixtures';
import { stack } from './stack';

const Databases = z.looseObject({
  databases: z.array(z.looseObject({ id: z.string(), signal: z.object({ file: z.string() }).optional() })),
});

/** A connection to a database of the production, as one of its services has it. */
function asService(database: string): Client {
  const { databases } = Databases.parse(parse(fs.readFileSync(stack().configFile, 'utf8')));
  const file = databases.find(({ id }) => id === database)?.signal?.file;
  if (file === undefined) throw new Error(`No account ends sessions of ${database}.`);
  // The accounts of the demo have one password.
  const url = new URL(fs.readFileSync(file, 'utf8').trim());
  url.username = 'services';
  const client = new Client({ connectionString: url.href, application_name: 'forgotten' });
  client.on('error', () => undefined);
  return client;
}

test('a session that somebody forgot is ended as a signed change, and its connection breaks', async ({
  pageAs,
}) => {
  test.setTimeout(240_000);
  const forgotten = asService('fraiseql-observers-eu-west-1');
  await forgotten.connect();
  try {
    await forgotten.query('BEGIN');
    const { rows } = await forgotten.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const pid = rows[0]?.pid ?? 0;
    const sre = await pageAs('sre');
    await sre.goto('/services/fraiseql-observers?environment=production&region=eu-west-1&tab=database');
    await sre.getByRole('link', { name: `End session ${pid}`, exact: true }).click();
    await sre.getByLabel('Reason').fill('It holds a transaction open and nobody knows whose it is.');
    const send = sre.getByRole('button', { name: /^Request sign-off from/ });
    await expect(send).not.toHaveAttribute('aria-disabled', 'true', { timeout: 60_000 });
    await expect(sre.getByText(/what it has not committed is rolled back/).first()).toBeVisible();
    await send.click();
    await sre.waitForURL(/\/changes\/c-\d+$/);
    const change = new URL(sre.url()).pathname.split('/').at(-1) ?? '';
    // Asked for and not signed: it goes on.
    await forgotten.query('SELECT 1');

    await sign(await pageAs('devops_lead'), change);
    await expectState(sre, 'Succeeded', 60_000);
    await expect(forgotten.query('SELECT 1')).rejects.toThrow();
    const record = await (await sre.request.get(`/api/v1/changes/${change}/record?format=text`)).text();
    expect(record).toContain(`session ${pid} of services`);
  } finally {
    await forgotten.end().catch(() => undefined);
  }
});
