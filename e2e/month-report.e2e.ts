import { createHash } from 'node:crypto';
import fs from 'node:fs';
import type { Page } from '@playwright/test';
import { z } from 'zod';
import { canonicalJson } from '../lib/audit/canonical';
import { api, paths } from '../lib/core/paths';
import { MonthList, MonthReport, ReportDocument } from '../lib/slo/report/contract';
import { expect, test } from './fixtures';
import { stack } from './stack';

const environment = 'production';
/** What of a downloaded report is looked at. */
const File = z.object({ hash: z.string(), report: ReportDocument });
const headers = () => ({ 'idempotency-key': crypto.randomUUID(), origin: stack().web });

/** The newest closed month: the worker closes the last one as soon as the past is filled in. */
async function closedMonth(page: Page): Promise<string> {
  const newest = async () => {
    const { months } = MonthList.parse(await (await page.request.get(api.reports(environment))).json());
    return months.find(({ state }) => state === 'frozen')?.month ?? '';
  };
  await expect.poll(newest, { timeout: 60_000 }).not.toBe('');
  return newest();
}

test('months are reached from the objectives: the running one is so far, the last one is frozen', async ({
  pageAs,
}) => {
  const page = await pageAs('stakeholder');
  const closed = await closedMonth(page);
  await page.goto(paths.slos());
  await page.getByRole('link', { name: 'Monthly reports' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Monthly reports' })).toBeVisible();
  await page
    .getByRole('row', { name: /So far/ })
    .getByRole('link')
    .first()
    .click();
  await expect(page.getByTestId('report-state')).toHaveText('So far');
  await expect(page.getByText(/these figures still change/)).toBeVisible();
  await page.getByRole('link', { name: /^Month before/ }).click();
  await expect(page).toHaveURL(new RegExp(`${paths.report(closed)}$`));
  await expect(page.getByTestId('report-state')).toHaveText('Frozen');
  await expect(page.getByText(/these figures never change/)).toBeVisible();
  for (const month of ['2026-13', '1999-01', '2999-01', '..%2faudit', "2026-11'--"]) {
    const answer = await page.request.get(`/api/v1/reports/${month}?environment=${environment}`);
    expect(answer.status(), month).toBe(404);
  }
  expect((await page.request.get(api.report(closed, { environment, format: 'pdf' }))).status()).toBe(422);
});

test('a closed month is taken away as CSV, as JSON that fits its hash, and on paper', async ({ pageAs }) => {
  const page = await pageAs('stakeholder');
  const closed = await closedMonth(page);
  await page.goto(paths.report(closed));
  const download = async (name: string) => {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name, exact: true }).click(),
    ]);
    return { name: file.suggestedFilename(), text: fs.readFileSync(await file.path(), 'utf8') };
  };
  const csv = await download('CSV');
  expect(csv.name).toBe(`slo-report-${closed}-${environment}.csv`);
  expect(csv.text).toMatch(/^row,month,environment,state,/);
  const json = await download('JSON');
  expect(json.name).toBe(`slo-report-${closed}-${environment}.json`);
  const { hash, report } = File.parse(JSON.parse(json.text));
  expect(createHash('sha256').update(canonicalJson(report), 'utf8').digest('hex')).toBe(hash);
  expect(csv.text).toContain(`Frozen; SHA-256 ${hash}`);
  expect(report.lines.length).toBeGreaterThan(0);
  const rows = page.getByRole('table', { name: /^Objectives with target/ }).getByRole('row');
  await expect(rows).toHaveCount(report.lines.length + 1);

  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('navigation')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
  const colours = await page.evaluate(() => {
    const { color } = getComputedStyle(document.querySelector('h1') ?? document.body);
    return { color, background: getComputedStyle(document.body).backgroundColor };
  });
  expect(colours).toEqual({ color: 'rgb(0, 0, 0)', background: 'rgb(255, 255, 255)' });
});

test('a lead writes a correction beside the frozen figure; who is none cannot', async ({ pageAs }) => {
  const page = await pageAs('engineering_lead');
  const closed = await closedMonth(page);
  const read = async () =>
    MonthReport.parse(await (await page.request.get(api.report(closed, { environment }))).json());
  const before = await read();
  const what = `Load test ${crypto.randomUUID().slice(0, 8)}`;
  await page.goto(paths.report(closed));
  await page.getByText('Add a correction').click();
  await page.getByLabel('What is corrected').fill(what);
  await page.getByLabel('Failures to add (optional)').fill('-12');
  await page.getByLabel('Minutes to add (optional)').fill('-0.5');
  await page.getByLabel('Why').fill('The load generator was ours.');
  await page.getByRole('button', { name: 'Add correction' }).click();
  await expect(page.getByText(what)).toBeVisible();
  await expect(page.getByText(/^corrected: /).first()).toBeVisible();
  const after = await read();
  expect(after.report).toEqual(before.report);
  expect(after.hash).toBe(before.hash);
  expect(after.corrections.at(-1)).toMatchObject({ what, failures: -12, seconds: -30, by: 'Erik Lindqvist' });

  const stakeholder = await pageAs('stakeholder');
  const [line] = after.report.lines;
  const data = { environment, objective: line?.objective, what: 'Not mine', why: 'Not mine to write' };
  const refused = await stakeholder.request.post(api.reportCorrections(closed), { data, headers: headers() });
  expect(refused.status()).toBe(403);
});
