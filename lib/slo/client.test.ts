import { expect, test } from 'vitest';
import { backtestQuery } from './backtest/client';
import { sloPageQuery } from './client';
import { spanQuery } from './span/client';

const distinct = (keys: readonly (readonly unknown[])[]): number =>
  new Set(keys.map((key) => JSON.stringify(key))).size;

test('what is asked for differently is kept apart', () => {
  const pages = [
    sloPageQuery('api', 'production'),
    sloPageQuery('api', 'staging'),
    sloPageQuery('api', 'production', 'off'),
    sloPageQuery('api', 'production', 'on', 'region=us-east-1'),
    sloPageQuery('api', 'production', 'on', 'region=eu-west-1'),
  ];
  expect(distinct(pages.map(({ queryKey }) => queryKey))).toBe(pages.length);
  const span = { slo: 'api', environment: 'production', from: 300, to: 600, exclusions: 'on' as const };
  const spans = [
    spanQuery(span),
    spanQuery({ ...span, from: 0 }),
    spanQuery({ ...span, to: 900 }),
    spanQuery({ ...span, exclusions: 'off' }),
    spanQuery({ ...span, group: 'region=us-east-1' }),
  ];
  expect(distinct(spans.map(({ queryKey }) => queryKey))).toBe(spans.length);
  const past = { slo: 'api', environment: 'production', exclusions: 'on' as const };
  const pasts = [
    backtestQuery(past),
    backtestQuery({ ...past, rule: 'page-1h' }),
    backtestQuery({ ...past, exclusions: 'off' }),
    backtestQuery({ ...past, group: 'region=us-east-1' }),
  ];
  expect(distinct(pasts.map(({ queryKey }) => queryKey))).toBe(pasts.length);
});
