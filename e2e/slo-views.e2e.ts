import { api, paths } from '../lib/core/paths';
import { SavedViews } from '../lib/saved-view/contract';
import { expect, test } from './fixtures';
import { stack } from './stack';

/** Of this run alone, so that what another run left behind is no other view of the same name. */
const name = `Services ${crypto.randomUUID().slice(0, 8)}`;

test('objectives are grouped, the view is saved, opened again, shared, deleted and else refused', async ({
  pageAs,
}) => {
  const page = await pageAs('sre');
  await page.goto(paths.slos());
  const table = page.getByRole('table', { name: /^Service level objectives/ });
  await page.getByLabel('Group by').selectOption('service');
  await expect(page).toHaveURL(/group=service/);
  const group = table.getByRole('button', {
    name: /FraiseQL API.*Least budget left|FraiseQL API.*not known/,
  });
  await expect(group.first()).toHaveAttribute('aria-expanded', 'true');
  const link = table.getByRole('link', { name: 'FraiseQL API availability' });
  await expect(link.first()).toBeVisible();
  await group.first().click();
  await expect(link).toHaveCount(0);
  const look = new URL(page.url()).search;

  await page.getByRole('button', { name: 'Views', exact: true }).click();
  const views = page.getByRole('dialog', { name: 'Saved views' });
  await views.getByLabel('Save what is shown as').fill(name);
  await views.getByRole('button', { name: 'Save view' }).click();
  const opener = page.getByRole('button', { name: `View: ${name}` });
  await expect(opener).toBeVisible();

  await page.goto(paths.slos());
  await expect(link.first()).toBeVisible();
  await page.getByRole('button', { name: 'Views', exact: true }).click();
  await views.getByRole('link', { name }).click();
  await expect(opener).toBeVisible();
  expect(new URL(page.url()).search).toBe(look);
  await expect(link).toHaveCount(0);

  const other = await pageAs('stakeholder');
  const seenByOther = async () => {
    const answer = await other.request.get(api.views('slos'));
    return SavedViews.parse(await answer.json()).views.find((view) => view.name === name);
  };
  expect(await seenByOther()).toBeUndefined();
  const change = page.getByRole('dialog', { name: `Change view ${name}` });
  const openChange = async () => {
    await opener.click();
    await views.getByRole('button', { name: `Change view ${name}` }).click();
  };
  await openChange();
  await change.getByLabel('Share with everybody').check();
  await change.getByRole('button', { name: 'Change view' }).click();
  await expect(change).toHaveCount(0);
  const shared = await seenByOther();
  expect(shared).toMatchObject({ owner: 'Sam Okafor', isMine: false, mayChange: false });
  const refused = await other.request.delete(api.view(shared?.id ?? ''), {
    data: null,
    headers: { 'idempotency-key': crypto.randomUUID(), origin: stack().web },
  });
  expect(refused.status()).toBe(403);

  await openChange();
  await change.getByRole('button', { name: 'Delete view' }).click();
  await expect(change).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Views', exact: true })).toBeVisible();
  expect(await seenByOther()).toBeUndefined();

  // What a view cannot be is refused with the field.
  const send = async (data: unknown) => {
    const answer = await page.request.post(api.views(), {
      data,
      headers: { 'idempotency-key': crypto.randomUUID(), origin: stack().web },
    });
    return answer.status();
  };
  const view = { page: 'slos', name: 'A view', query: '' };
  expect(await send({ ...view, page: 'nowhere' })).toBe(422);
  expect(await send({ ...view, name: '  ' })).toBe(422);
  expect(await send({ ...view, query: 'drop=table' })).toBe(422);
  expect(await send({ ...view, query: `text=${'x'.repeat(5000)}` })).toBe(422);
  expect(await send([])).toBe(422);
  expect((await page.request.get(`${api.views()}?page=nowhere`)).status()).toBe(422);
  const nobody = await page.request.post(api.view(crypto.randomUUID()), {
    data: { name: 'B' },
    headers: { 'idempotency-key': crypto.randomUUID(), origin: stack().web },
  });
  expect(nobody.status()).toBe(404);
});

test('what each day spent is read by keys, and the address keeps that it is shown', async ({ pageAs }) => {
  const page = await pageAs('stakeholder');
  await page.goto(paths.slos());
  await page.getByRole('link', { name: 'Days', exact: true }).click();
  await expect(page).toHaveURL(/show=days/);
  await page.reload();
  const days = page.getByRole('table', { name: /^Share of the budget that each UTC day spent/ });
  const today = days.locator('[data-cell][tabindex="0"]');
  await today.focus();
  await expect(today).toHaveAttribute('aria-label', /, \w{3} \d{1,2} \w{3}: /);
  const focused = page.locator('[data-cell]:focus');
  const [row = '', column = ''] = ((await focused.getAttribute('data-cell')) ?? '').split('/');
  await page.keyboard.press('ArrowLeft');
  await expect(focused).toHaveAttribute('data-cell', `${row}/${Number(column) - 1}`);
  await page.keyboard.press('ArrowRight');
  await expect(focused).toHaveAttribute('data-cell', `${row}/${column}`);
});
