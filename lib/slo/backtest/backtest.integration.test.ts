import { expect, test } from 'vitest';
import { isOpsError } from '@/lib/core/errors';
import { bad, config, openFleetRoom, page } from '../fleet/testing/room';
import { SloBacktest } from './contract';
import { backtestView } from './view';

openFleetRoom();

const tested = async (slo: string, rule?: string) =>
  SloBacktest.parse(await backtestView(config, { slo, environment: 'production', exclusions: 'on', rule }));

test('the alerts are tried on what was recorded', async () => {
  const found = await tested('events', 'page-1h');
  // One of 40 requests failed for an hour, 25 times what 99.9 % allows; over 7 d the first pair pages above 3.36.
  expect([found.pages, found.tickets]).toEqual([1, 1]);
  expect(found.sentence).toMatch(
    /^These settings would have paged once, for .* in 7 d, and opened 1 ticket\.$/,
  );
  const [fast] = found.rules;
  expect(fast).toMatchObject({ id: 'page-1h', notJudged: null, fired: [{ peak: 25 }] });
  const fired = fast?.fired[0];
  expect(fired?.from).toBeGreaterThan(bad.from);
  expect(fired?.from).toBeLessThanOrEqual(bad.from + 600);
  expect(fired?.to).toBe(bad.to + 300);
  expect(found.series?.rule).toBe('page-1h');
  expect(Math.max(...(found.series?.long ?? []).map(([, burn]) => burn ?? 0))).toBeCloseTo(25, 9);
  expect(found.limits.some((words) => /estimated with increase/.test(words))).toBe(true);
  const { window } = (await page('events')).row;
  expect(found.from).toBeGreaterThan(window.from - 300);
  expect(found.to).toBeLessThanOrEqual(window.to);
});

test('the same rules are tried that the table shows, and no other', async () => {
  const { data } = await page('events');
  const shown = data.state === 'missing' ? [] : [...data.value.pairs, ...data.value.guides];
  const found = await tested('events');
  expect(found.rules.map(({ id }) => id)).toEqual(shown.map(({ id }) => id));
  expect(found.series).toBeNull();
  const refused = await tested('events', 'page-9h').catch((error: unknown) => error);
  expect(isOpsError(refused, 'invalid') && refused.message).toBe('There is no burn rule "page-9h".');
  expect((await tested('slices')).rules).toHaveLength(6);
});
