import { api, paths } from '../lib/core/paths';
import { LedgerView } from '../lib/slo/ledger/contract';
import { expect, test } from './fixtures';
import { stack } from './stack';

const slo = 'fraiseql-observers-availability';
const hour = 3_600_000;
/** The form of a date-and-time field, in UTC as the browser of these journeys is. */
const field = (agoMs: number) => new Date(Date.now() - agoMs).toISOString().slice(0, 16);
const headers = () => ({ 'idempotency-key': crypto.randomUUID(), origin: stack().web });

test('the list of objectives narrows to what is searched for, and the address keeps it', async ({
  pageAs,
}) => {
  const page = await pageAs('stakeholder');
  await page.goto(paths.slos());
  // The panels below name objectives too, by the changes of the last day.
  const list = page.getByRole('table', { name: /^Service level objectives/ });
  await expect(list.getByRole('link', { name: 'FraiseQL API availability' }).first()).toBeVisible();
  const search = page.getByLabel('Name, service, owner or region');
  await search.fill('architect');
  await search.press('Enter');
  await expect(page).toHaveURL(/text=architect/);
  await expect(list.getByRole('link', { name: 'FraiseQL API availability' })).toHaveCount(0);
  await page.reload();
  await expect(
    list.getByRole('link', { name: 'Architect Dashboard API availability' }).first(),
  ).toBeVisible();
  await expect(list.getByRole('link', { name: 'FraiseQL API availability' })).toHaveCount(0);
});

test('a figure tells by key how it was computed, with its numbers and the query', async ({ pageAs }) => {
  const page = await pageAs('sre');
  await page.goto(paths.slo(slo));
  const how = page.getByRole('button', { name: 'How computed: Service level' });
  await how.focus();
  await page.keyboard.press('Enter');
  const told = page.getByRole('dialog', { name: 'How service level is computed' });
  await expect(told).toContainText(/\d/);
  await expect(told).toContainText('increase(');
  await page.keyboard.press('Escape');
  await expect(told).toHaveCount(0);
});

test('the budget is shown over a fixed or a rolling window, and the address keeps which', async ({
  pageAs,
}) => {
  const page = await pageAs('sre');
  await page.goto(paths.slo(slo));
  await page.getByRole('link', { name: 'Rolling', exact: true }).click();
  await expect(page).toHaveURL(/mode=rolling/);
  await expect(page.getByRole('link', { name: 'Rolling', exact: true })).toHaveAttribute(
    'aria-current',
    /.+/,
  );
  await expect(page.getByRole('heading', { name: 'Error budget left' })).toBeVisible();
});

test('an SRE writes down what spent the budget and takes it back; both are recorded', async ({ pageAs }) => {
  const page = await pageAs('sre');
  // Of this attempt alone: what an earlier one left behind has another title.
  const title = `Broken card of node ${crypto.randomUUID().slice(0, 8)}`;
  await page.goto(paths.slo(slo));
  await page.getByText('Add what spent budget').click();
  await page.getByLabel('From').fill(field(3 * hour));
  await page.getByLabel('To', { exact: true }).fill(field(2 * hour));
  await page.getByLabel('Title').fill(title);
  await page.getByRole('button', { name: 'Add entry' }).click();
  const spent = page.getByRole('table', { name: /^What spent the budget/ });
  await expect(spent.getByText(title)).toBeVisible();
  await page.getByRole('button', { name: `Void the entry ${title}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('It was another node.');
  await dialog.getByRole('button', { name: 'Void', exact: true }).click();
  // While it is open the table behind it is hidden from roles, and counts nothing.
  await expect(dialog).toBeHidden();
  await expect(spent.getByText(title)).toHaveCount(0);
  const ledger = await page.request.get(api.sloLedger(slo, { environment: 'production' }));
  const { voided } = LedgerView.parse(await ledger.json());
  expect(voided.filter((entry) => entry.title === title)).toMatchObject([{ voided: { by: 'Sam Okafor' } }]);
});

test('a lead excludes a span, and the figures can be seen with it and without', async ({ pageAs }) => {
  const page = await pageAs('devops_lead');
  await page.goto(paths.slo(slo));
  await page.getByText('Exclude a span').click();
  await page.getByLabel('From').fill(field(30 * hour));
  await page.getByLabel('To', { exact: true }).fill(field(28 * hour));
  const reason = `The move of rack ${crypto.randomUUID().slice(0, 8)} was announced.`;
  await page.getByLabel('Reason').fill(reason);
  await page.getByRole('button', { name: 'Add exclusion' }).click();
  await expect(page.getByText(reason)).toBeVisible();
  const requests = async (exclusions: 'applied' | 'ignored') => {
    const answer = await page.request.get(api.sloLedger(slo, { environment: 'production', exclusions }));
    return LedgerView.parse(await answer.json()).requests;
  };
  // The figures are those of the last reading, which may be a moment older than the exclusion.
  const excluded = async () => (await requests('ignored')) - (await requests('applied'));
  await expect.poll(excluded, { intervals: [1_000] }).toBeGreaterThan(0);
  await page.getByRole('link', { name: 'All counted' }).click();
  await expect(page).toHaveURL(/exclusions=off/);
});

test('who has no such role changes neither ledger nor exclusions, past the page either', async ({
  pageAs,
}) => {
  const stakeholder = await pageAs('stakeholder');
  const sre = await pageAs('sre');
  const span = { from: new Date(Date.now() - 2 * hour).toISOString(), to: new Date().toISOString() };
  const entry = { environment: 'production', cause: 'incident', title: 'Not mine to write', ...span };
  const exclusion = { environment: 'production', kind: 'once', reason: 'Not mine to exclude', ...span };
  const posted = await stakeholder.request.post(api.sloEntries(slo), { data: entry, headers: headers() });
  expect(posted.status()).toBe(403);
  const excluded = await sre.request.post(api.sloExclusions(slo), { data: exclusion, headers: headers() });
  expect(excluded.status()).toBe(403);
  await stakeholder.goto(paths.slo(slo));
  await expect(stakeholder.getByRole('heading', { name: 'What spent the budget' })).toBeVisible();
  await expect(stakeholder.getByText('Add what spent budget')).toHaveCount(0);
});
