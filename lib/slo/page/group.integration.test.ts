import { expect, test } from 'vitest';
import { isOpsError } from '@/lib/core/errors';
import { readingValue } from '@/lib/core/reading';
import { backtestView } from '../backtest/view';
import { bad, config, openFleetRoom, page, person } from '../fleet/testing/room';
import { spanLabels } from '../span/labels';
import { spanView } from '../span/view';
import { SloPage } from './contract';
import { sloPageView } from './view';

openFleetRoom();

const where = { slo: 'events', environment: 'production', exclusions: 'on' as const };
const alone = async (group: string) => SloPage.parse(await sloPageView(config, { ...where, group }, person));
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

test('one group is seen alone, with its own budget, and its neighbours stay in the table', async () => {
  const [all, first, second] = [
    await page('events'),
    await alone('region=us-east-1'),
    await alone('region=eu-west-1'),
  ];
  const numbers = (one: SloPage) => readingValue(one.data)?.fixed.numbers;
  expect([all.group, first.group]).toEqual([null, 'region=us-east-1']);
  expect([numbers(all)?.bad, numbers(first)?.bad, numbers(second)?.bad]).toEqual([60, 60, 0]);
  expect((numbers(first)?.total ?? 0) + (numbers(second)?.total ?? 0)).toBe(numbers(all)?.total);
  expect(numbers(second)?.budgetLeft).toBe(1);
  const own = first.row.groups.find(({ key }) => key === 'region=us-east-1');
  expect(own?.numbers.budgetLeft).toBeCloseTo(numbers(first)?.budgetLeft ?? Number.NaN, 9);
  expect(first.row.groups).toHaveLength(2);
  expect([first.ledger?.spent.failed, second.ledger?.spent.failed]).toEqual([60, 0]);
});

test('its spans and alerts are its own, and a group that there is not is not found', async () => {
  const span = { from: iso(bad.from), to: iso(bad.to) };
  const ask = (group: string) => spanView(config, { ...where, ...span, group });
  expect(await ask('region=us-east-1')).toMatchObject({ total: 1200, bad: 60 });
  expect(await ask('region=eu-west-1')).toMatchObject({ total: 1200, bad: 0 });
  const tested = (group: string) => backtestView(config, { ...where, group });
  expect((await tested('region=us-east-1')).pages).toBe(1);
  expect((await tested('region=eu-west-1')).pages).toBe(0);
  const labels = (group: string) => spanLabels(config, { ...where, ...span, group });
  // No Prometheus is there: that is in the reading, and the group is known all the same.
  expect((await labels('region=us-east-1')).failed.state).toBe('missing');
  const strange = 'region=mars';
  for (const work of [alone(strange), ask(strange), tested(strange), labels(strange)]) {
    expect(isOpsError(await work.catch((error: unknown) => error), 'not-found')).toBe(true);
  }
});
