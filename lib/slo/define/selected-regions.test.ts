import { expect, test } from 'vitest';
import type { Matcher } from '@/lib/config/series';
import { testConfig } from '@/lib/service/testing/config';
import { type Selecting, selectedRegions } from './selected-regions';

const config = testConfig();
const series = (...matchers: Matcher[]) => ({ metric: 'm', matchers });
const region = (op: Matcher['op'], value: string): Matcher => ({ label: 'region', op, value });
const select = (indicator: Selecting['indicator'], scope: Selecting['scope'] = 'service') =>
  selectedRegions(config, { service: 'shop-api', scope, indicator });

test.each<[string, Matcher[], string[] | null]>([
  ['none', [{ label: 'status', op: '=', value: '200' }], null],
  ['one by name', [region('=', 'eu-west-1')], ['eu-west-1']],
  ['all but one', [region('!=', 'eu-west-1')], ['us-east-1']],
  ['a pattern, which holds for the whole name', [region('=~', 'us.*|eu')], ['us-east-1']],
  ['not a pattern', [region('!~', 'us.*')], ['eu-west-1']],
  ['both at once', [region('=~', '.*-1'), region('!=', 'us-east-1')], ['eu-west-1']],
  ['a pattern that only Prometheus reads', [region('=~', '(?i)EU.*')], ['us-east-1', 'eu-west-1']],
  ['one that is not there', [region('=', 'mars')], []],
])('matchers that select %s', (_, matchers, regions) => {
  expect(select({ kind: 'events', total: series(...matchers) })).toEqual(regions);
});

test('every kind of indicator is read by what it counts', () => {
  const eu = series(region('=', 'eu-west-1'));
  expect(select({ kind: 'latency', buckets: eu })).toEqual(['eu-west-1']);
  expect(select({ kind: 'latency-native', histogram: eu })).toEqual(['eu-west-1']);
  expect(select({ kind: 'probe', gauge: eu })).toEqual(['eu-west-1']);
  expect(select('availability')).toBeNull();
  expect(select({ kind: 'latency' })).toBeNull();
});

test('the selector of the service counts too, unless the series stand as they are written', () => {
  const [service, ...others] = config.services;
  if (service === undefined) throw new Error('There is no service.');
  const metrics = { ...service.metrics, selector: [...service.metrics.selector, region('=', 'us-east-1')] };
  const within = { ...config, services: [{ ...service, metrics }, ...others] };
  const of = (scope: Selecting['scope']) =>
    selectedRegions(within, { service: 'shop-api', scope, indicator: 'availability' });
  expect([of(undefined), of('service'), of('written')]).toEqual([['us-east-1'], ['us-east-1'], null]);
  expect(selectedRegions(config, { service: 'gone', indicator: 'availability' })).toBeNull();
});
