import { expect, test } from 'vitest';
import { isOpsError } from '@/lib/core/errors';
import { importOpenSlo } from '../define/openslo-import';
import { config, openFleetRoom, page, person } from '../fleet/testing/room';
import { SloPage } from '../page/contract';
import type { ExportFormat } from './contract';
import { exportSlo } from './view';

openFleetRoom();

const file = (slo: string, format: ExportFormat) =>
  exportSlo(config, { slo, environment: 'production', exclusions: 'on', format }, person);

test('the figures of a page are in its CSV, one a row', async () => {
  const { text, name, type } = await file('events', 'csv');
  expect(name).toMatch(/^events-production-\d{4}-\d\d-\d\d\.csv$/);
  expect(type).toBe('text/csv; charset=utf-8');
  const [head, ...rows] = text.trimEnd().split('\r\n');
  expect(head).toBe('part,of,figure,at,value,unit');
  const find = (start: string) => rows.filter((row) => row.startsWith(start));
  expect(find('window,fixed,failed,')[0]).toMatch(/,60,events$/);
  expect(find('group,"region=us-east-1",failed').concat(find('group,region=us-east-1,failed,'))[0]).toMatch(
    /,60,events$/,
  );
  const { data } = await page('events');
  const drawn = data.state === 'missing' ? [] : data.value.fixed.budget;
  expect(find('series,fixed,budget_left,')).toHaveLength(drawn.length);
  expect(new Set(rows.map((row) => row.split(',').length))).toEqual(new Set([6]));
});

test('the JSON is the page, and the OpenSLO document comes back as the same objective', async () => {
  expect(SloPage.parse(JSON.parse((await file('month', 'json')).text)).row.id).toBe('month');
  const { text, name } = await file('slices', 'openslo');
  expect(name).toBe('slices-production.openslo.yaml');
  expect(text).toContain('budgetingMethod: Timeslices');
  const { slos } = importOpenSlo(text, { environment: 'production' });
  expect(slos.map(({ id }) => id)).toEqual(['slices']);
  const missing = await file('none', 'csv').catch((error: unknown) => error);
  expect(isOpsError(missing, 'not-found')).toBe(true);
});
