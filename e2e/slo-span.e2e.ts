import fs from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { api, paths } from '../lib/core/paths';
import { SloSpan } from '../lib/slo/span/contract';
import { expect, test } from './fixtures';

const slo = 'fraiseql-api-availability';

const plotOf = (page: Page) => page.getByRole('slider', { name: /^Time on the chart: Error budget left/ });
const panelOf = (page: Page) =>
  page.locator('section', { has: page.getByRole('heading', { name: 'What this span cost', level: 2 }) });
const costOf = (page: Page) => panelOf(page).getByRole('status').filter({ hasText: 'This span cost' });

/** Draws over a part of the chart of the budget; shares of its width. */
async function draw(page: Page, from: number, to: number): Promise<void> {
  const plot = plotOf(page);
  // What is still on its way would move the chart under the pointer.
  await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0);
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  if (box === null) throw new Error('The chart has no place on the page.');
  const at = (share: number) => box.x + share * box.width;
  const y = box.y + box.height / 2;
  await page.mouse.move(at(from), y);
  await page.mouse.down();
  await page.mouse.move(at((from + to) / 2), y, { steps: 4 });
  await page.mouse.move(at(to), y, { steps: 4 });
  await page.mouse.up();
}

test('a span drawn over the budget says what it cost, and the address keeps it', async ({ pageAs }) => {
  const page = await pageAs('sre');
  await page.goto(paths.slo(slo));
  await expect(plotOf(page)).toBeAttached();
  await draw(page, 0.72, 0.78);
  await expect(page).toHaveURL(/from=.*&to=/);
  await expect(costOf(page)).toHaveText(
    /This span cost .* of the budget: [\d,.]+ failures? of [\d,]+ requests, burning at [\d.,]+×\./,
  );
  const query = new URL(page.url()).searchParams;
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
  // Six hundredths of a chart that shows 30 days and a forecast of a quarter of them: its newest days are counted first.
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  expect(days).toBeGreaterThan(1.9);
  expect(days).toBeLessThan(2.7);
  await page.reload();
  await expect(costOf(page)).toContainText('of the budget');
  expect(new URL(page.url()).searchParams.get('from')).toBe(from);
  const panel = panelOf(page);
  await expect(panel.getByText('us-east-1', { exact: true })).toBeVisible();
  await expect(panel.getByText(/^Counts are kept in buckets of 5 min/)).toBeVisible();
  const logs = panel.getByRole('link', { name: 'Open this span in Logs' });
  await expect(logs).toHaveAttribute('href', /service=fraiseql-api&level=error&from=.*&to=/);
  await panel.getByRole('button', { name: 'Let go of the span' }).click();
  await expect(panel).toHaveCount(0);
  await expect(page).not.toHaveURL(/from=/);
});

test('the keyboard marks a span, chooses it and lets it go', async ({ pageAs }) => {
  const page = await pageAs('stakeholder');
  await page.goto(paths.slo(slo));
  const plot = plotOf(page);
  await plot.focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(page.getByText(/marked\. Enter tells what it cost\.$/)).toBeAttached();
  await page.keyboard.press('Enter');
  await expect(costOf(page)).toContainText(/This span cost .* of the budget/);
  // What Prometheus and Loki know comes by itself, later.
  const panel = panelOf(page);
  await expect(panel.getByRole('status', { name: 'Asking for labels' })).toHaveCount(0);
  await expect(panel.getByRole('status', { name: 'Asking for log lines' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
});

test('the burn table tells what it would have done, and the figures of the page are a file', async ({
  pageAs,
}) => {
  const page = await pageAs('stakeholder');
  await page.goto(paths.slo(slo));
  await expect(page.getByText(/^These settings would (not )?have paged/)).toBeVisible();
  const rule = page.getByRole('button', { name: /^1 h \/ 5 min, burn over time/ });
  await rule.click();
  await expect(rule).toHaveAttribute('aria-expanded', 'true');
  await expect(
    page.getByRole('img', { name: /^Burn over 1 h in the window, against the limit/ }),
  ).toBeVisible();
  const text = async (name: string) => {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name, exact: true }).click(),
    ]);
    return { name: file.suggestedFilename(), text: await fs.readFile(await file.path(), 'utf8') };
  };
  const csv = await text('CSV');
  expect(csv.name).toMatch(/^fraiseql-api-availability-production-[\d-]+\.csv$/);
  expect(csv.text).toMatch(/^part,of,figure,at,value,unit\r\n/);
  expect(csv.text).toContain('\r\nwindow,fixed,budget_left,');
  const document = await text('OpenSLO');
  expect(document.text).toContain('kind: SLO');
});

test('a group is seen alone with its own budget, and the table orders by a figure', async ({ pageAs }) => {
  const page = await pageAs('sre');
  await page.goto(paths.slo(slo));
  const groups = page.getByRole('table', { name: 'Groups of the objective' });
  await groups.getByRole('link', { name: 'Failed', exact: true }).click();
  await expect(page).toHaveURL(/sort=failed/);
  await groups.getByRole('link', { name: 'us-east-1', exact: true }).click();
  await expect(page.getByText(/^Only region us-east-1: every figure here is of this group/)).toBeVisible();
  await expect(page).toHaveURL(/sort=failed&group=region%3Dus-east-1/);
  await page.getByRole('link', { name: 'Show all groups together' }).first().click();
  await expect(page).not.toHaveURL(/group=/);
});

test('a span that cannot be priced is refused with a sentence', async ({ pageAs }) => {
  const page = await pageAs('sre');
  const ask = (from: string, to: string) =>
    page.request.get(api.sloPart(slo, 'span', { environment: 'production', from, to }));
  const reversed = await ask('2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z');
  expect(reversed.status()).toBeGreaterThanOrEqual(400);
  expect(reversed.status()).toBeLessThan(500);
  expect(await reversed.text()).toContain('it ends before it begins.');
  expect((await ask('yesterday', 'today')).status()).toBeLessThan(500);
  const hour = 3_600_000;
  const iso = (ms: number) => new Date(ms).toISOString();
  const future = await ask(iso(Date.now() + hour), iso(Date.now() + 2 * hour));
  expect(await future.text()).toContain('it lies in the future.');
  const good = await ask(iso(Date.now() - 2 * hour), iso(Date.now() - hour));
  expect(SloSpan.parse(await good.json()).state).toMatch(/^(ok|no-errors)$/);
});
