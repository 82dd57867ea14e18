import type { BrowserContext, Page } from '@playwright/test';
import { Client } from 'pg';
import { expect } from './fixtures';
import { parts, pretend, stack } from './stack';

const clusters = ['us-east-1', 'eu-west-1'] as const;

/** Prometheus, Alertmanager, Loki and the web's rights in every cluster go away. */
export async function loseSources(): Promise<void> {
  await pretend.post('/faults', { target: 'prometheus', rule: { refuse: true } });
  await pretend.post('/faults', { target: 'alertmanager', rule: { refuse: true } });
  await pretend.post('/faults', { target: 'loki', rule: { kind: 'status', status: 503 } });
  for (const cluster of clusters) {
    const account = 'signalbox-web';
    const withdrawn = { kind: 'withdraw-right', subject: { account }, verb: '*', resource: '*' };
    await pretend.post('/faults', { target: 'kubernetes', cluster, rule: { action: withdrawn } });
    const dropped = { account, action: { kind: 'drop-watch', clean: true } };
    await pretend.post('/faults', { target: 'kubernetes', cluster, rule: dropped });
  }
}

export async function restoreSources(): Promise<void> {
  for (const target of ['prometheus', 'alertmanager', 'loki']) await pretend.remove('/faults', { target });
  for (const cluster of clusters) await pretend.remove('/faults', { target: 'kubernetes', cluster });
}

/** Holds every read of one table back until `release`: a database that answers late. */
export async function holdTable(table: 'session' | 'change'): Promise<{ release: () => Promise<void> }> {
  const sql = new Client({ connectionString: stack().databaseUrl });
  await sql.connect();
  await sql.query(`BEGIN; LOCK TABLE "${table}" IN ACCESS EXCLUSIVE MODE`);
  return { release: () => sql.end() };
}

/** Holds the answers of the API back on their way to one page: a slow network. */
export async function holdAnswers(page: Page): Promise<{ release: () => Promise<void> }> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/api/v1/**', async (route) => {
    await released;
    await route.continue();
  });
  return {
    release: async () => {
      release();
      await page.unrouteAll({ behavior: 'wait' });
    },
  };
}

/** The process forgets all it has read: afterwards a source that is away was never there. */
export async function restartWeb(): Promise<void> {
  await parts.kill('web');
  await parts.start('web');
}

/** Stops the database and waits until whoever holds this context is recognised from memory no more. */
export async function stopDatabase(context: BrowserContext): Promise<void> {
  await parts.stop('database');
  await expect
    .poll(async () => (await context.request.get('/api/v1/services')).status(), { timeout: 90_000 })
    .toBe(503);
}
