import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Config } from '@/lib/config/schema';
import { now, sleep } from '@/lib/core/time';
import { createDatabase, type Database } from '@/lib/db/client';
import { shiftTime, type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { testConfigInput } from '@/worker/testing/config';
import { readAdopted, requestsOfReading } from '../define/read-adopted';
import { type RealPrometheus, realPrometheus } from '../record/testing/prometheus';
import { checkAdopted } from './check-adopted';
import { pollAdopted } from './poll-adopted';
import { readKept, saveRead } from './store';
import { pyrraRules, ruleFile, slothRules } from './testing/rule-files';
import { adoptedPage, adoptedView } from './view';

const never = new AbortController().signal;
let prometheus: RealPrometheus;
let database: TestDatabase;
let db: Database;
let config: Config;

/** An hour of requests up to now, since a server takes no sample of a rule into what blocks hold; one service is quiet. */
function past(): string {
  const start = Math.floor(now().getTime() / 1000) - 3600;
  const at = Array.from({ length: 240 }, (_, index) => start + index * 15);
  const counter = (labels: string, perStep: number) =>
    at.map((second, index) => `http_requests_total{${labels}} ${index * perStep} ${second}\n`).join('');
  return [
    '# TYPE http_requests counter\n',
    counter('job="shop",code="200",region="eu"', 297),
    counter('job="shop",code="500",region="eu"', 3),
    counter('job="shop",code="200",region="us"', 300),
    counter('job="shop",code="500",region="us"', 0),
    counter('job="quiet",code="200"', 0),
    counter('job="quiet",code="500"', 0),
    counter('job="pay",code="200"', 199),
    counter('job="pay",code="503"', 1),
  ].join('');
}

const http = (matchers: string) => `http_requests_total{${matchers}}`;
const shop = {
  service: 'shop',
  slo: 'availability',
  objective: '98',
  errors: http('job="shop",code=~"(5..|429)"'),
  total: http('job="shop"'),
};
const files = ruleFile([
  ...slothRules(shop),
  ...slothRules({ ...shop, slo: 'by-region', objective: '99.9', by: ' by (region) ' }),
  ...slothRules({
    ...shop,
    service: 'quiet',
    errors: http('job="quiet",code=~"5.."'),
    total: http('job="quiet"'),
  }),
  ...slothRules({
    ...shop,
    service: 'gone',
    errors: http('job="nowhere",code=~"5.."'),
    total: http('job="nowhere"'),
  }),
  ...slothRules({ ...shop, service: 'fraiseql-api', slo: 'requests' }),
  ...pyrraRules({
    slo: 'pay-errors',
    metric: 'http_requests_total',
    job: 'pay',
    errors: 'code=~"5.."',
    objective: '99',
  }),
]);

const configOf = (url: string) =>
  Config.parse({
    ...testConfigInput({ kubeconfig: '/none', prometheus: url }),
    slos: [{ id: 'requests', service: 'fraiseql-api', name: 'Requests', objective: '99.9' }],
  });

beforeAll(async () => {
  [prometheus, database] = await Promise.all([realPrometheus(past(), files), testDatabase()]);
  db = createDatabase(database.url);
  config = configOf(prometheus.url);
  const [source] = config.sources.prometheus;
  if (source === undefined) throw new Error('There is no Prometheus.');
  // Rules build on one another: the last of a chain is there some evaluations after the first.
  for (let tries = 0; tries < 150; tries += 1) {
    const { found } = await readAdopted(source);
    const budgets = [
      'shop-availability',
      'shop-by-region',
      'fraiseql-api-requests',
      'quiet-availability',
    ].map((key) => found.find((one) => one.key === key)?.groups[0]?.budgetLeft.none);
    const pyrra = found.find(({ tool }) => tool === 'pyrra')?.groups[0]?.budgetLeft.value;
    if (JSON.stringify(budgets) === '[null,null,null,"not-a-number"]' && pyrra) return;
    await sleep(200, never);
  }
  throw new Error(
    `The rules were not evaluated: ${JSON.stringify((await readAdopted(source)).found.map(({ key, groups }) => [key, groups]))}`,
  );
}, 90_000);
afterAll(async () => {
  await db.$disconnect();
  await Promise.all([prometheus.stop(), database.drop()]);
});

const list = () => adoptedView(config, undefined, db);
describe('rules of Sloth and Pyrra in a real Prometheus', () => {
  test('are adopted with their figures, what is broken first', async () => {
    // On a busy machine the rules of a window are evaluated some time after those of the budget.
    const polled = () => pollAdopted(db, config, never).then(list);
    const words = async () => (await polled()).rows.map((row) => [row.tool, row.service, row.name, row.word]);
    await expect.poll(words, { timeout: 30_000, interval: 1_000 }).toEqual([
      ['sloth', 'gone', 'availability', 'no-data'],
      ['sloth', 'shop', 'by-region', 'exhausted'],
      ['sloth', 'quiet', 'availability', 'partial'],
      ['pyrra', null, 'pay-errors', 'healthy'],
      ['sloth', 'shop', 'availability', 'healthy'],
    ]);
    const { rows, sources } = await list();
    expect(sources).toEqual([{ source: 'metrics', readAt: expect.any(String), problem: null }]);
    const [, regions, quiet, pay, availability] = rows;
    expect(availability).toMatchObject({ objective: '98', windowSeconds: 2_592_000, labels: { tier: '2' } });
    // 3 of 600 requests fail, 0.5 %, of the 2 % that may.
    expect(availability?.worst.burn.value).toBeCloseTo(0.25, 6);
    expect(availability?.worst.budgetLeft.value).toBeCloseTo(0.75, 6);
    expect(pay?.worst.burn.value).toBeCloseTo(0.5, 6);
    expect(pay?.worst.budgetLeft.value).toBeCloseTo(0.5, 6);
    expect(regions?.groups.map(({ labels, ratio }) => [labels, ratio.value])).toEqual([
      [{ region: 'eu' }, expect.closeTo(0.01, 9)],
      [{ region: 'us' }, 0],
    ]);
    expect(regions?.worst.labels).toEqual({ region: 'eu' });
    // 0/0 in every rule: neither 0 nor 100 %, and the window is poisoned.
    expect(quiet?.worst).toMatchObject({
      ratio: { value: null, why: expect.stringContaining('0/0 is neither 0 nor 100 %') },
      budgetLeft: { value: null, why: expect.stringContaining('NaN') },
    });
  });

  test('one of the configuration with the same name is shown there alone', async () => {
    const { rows, hidden } = await list();
    expect(rows.some(({ name }) => name === 'requests')).toBe(false);
    expect(hidden).toMatchObject([
      { name: 'requests', toolName: 'Sloth', slo: 'requests', source: 'metrics' },
    ]);
    const page = await adoptedPage(config, { adopted: hidden[0]?.id ?? '' }, db);
    expect(page.configured).toBe('requests');
  });

  test('the page has the rules and what it would be in the configuration', async () => {
    const { rows } = await list();
    const find = (name: string) => rows.find((row) => row.name === name)?.id ?? '';
    const page = await adoptedPage(config, { adopted: find('by-region') }, db);
    expect(page.rules).toEqual([
      expect.objectContaining({
        name: 'slo:sli_error:ratio_rate5m',
        group: 'sloth-slo-sli-recordings-shop-by-region',
        file: expect.stringMatching(/rules\.yml$/),
        failure: null,
      }),
    ]);
    expect(page.proposal.yaml).toBe(`slos:
  - id: shop-by-region
    service: shop
    name: by-region
    objective: "99.9"
    window: 30d
    indicator:
      kind: events
      total:
        metric: http_requests_total
        matchers:
          - label: job
            op: =
            value: shop
      bad:
        metric: http_requests_total
        matchers:
          - label: code
            op: =~
            value: (5..|429)
          - label: job
            op: =
            value: shop
    scope: written
    environments:
      - production
    groupBy:
      - region
`);
    expect(page.proposal.notes[0]).toContain('has no service shop');
    const pyrra = await adoptedPage(config, { adopted: find('pay-errors') }, db);
    expect(pyrra.rules.map(({ name }) => name).sort()).toEqual([
      'pyrra_errors:rate5m',
      'pyrra_requests:rate5m',
    ]);
    expect(pyrra.proposal.yaml).toContain('value: pay\n');
    await expect(adoptedPage(config, { adopted: '0'.repeat(16) }, db)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('the check of the configuration tells of them', async () => {
    expect(await checkAdopted(config)).toEqual([
      {
        state: 'note',
        subject: 'Rules in Prometheus metrics',
        says: '5 objectives are recorded here and shown without configuration: gone-availability (Sloth), quiet-availability (Sloth), shop-availability (Sloth), shop-by-region (Sloth), pay-errors (Pyrra).',
      },
      {
        state: 'note',
        subject: 'Rules in Prometheus metrics',
        says: 'configured under the same name, so only counted: fraiseql-api-requests (Sloth).',
      },
    ]);
  });

  test('workers together ask a server once a minute, three times', async () => {
    const before = prometheus.asked();
    await Promise.all([1, 2, 3].map(() => pollAdopted(db, config, never)));
    expect(prometheus.asked()).toBe(before);
    await db.sloAdoptedRead.updateMany({ data: { dueAt: new Date(0) } });
    await Promise.all([1, 2, 3].map(() => pollAdopted(db, config, never)));
    expect(prometheus.asked() - before).toBe(requestsOfReading);
  });
});

describe('what changes', () => {
  const poll = async () => {
    await db.sloAdoptedRead.updateMany({ data: { dueAt: new Date(0) } });
    await pollAdopted(db, config, never);
  };

  test('a server away keeps what it said, with the reason', async () => {
    await poll();
    const before = await list();
    prometheus.behave('down');
    await poll();
    prometheus.behave('well');
    const after = await list();
    expect(after.rows).toEqual(before.rows);
    expect(after.sources[0]?.readAt).toBe(before.sources[0]?.readAt);
    expect(after.sources[0]?.problem).toContain('Prometheus metrics');
    await poll();
    expect((await list()).sources[0]?.problem).toBeNull();
  });

  test('without a worker figures grow old, and say so', async () => {
    await poll();
    await shiftTime(database.url, 200_000);
    const late = await list();
    expect(late.sources[0]?.problem).toContain('No worker has read it since');
    await shiftTime(database.url, 400_000);
    const { rows } = await list();
    expect(new Set(rows.map(({ word }) => word))).toEqual(new Set(['no-data']));
    expect(rows[0]?.sentence).toMatch(/^Its figures are 10 min .*old/);
    await shiftTime(database.url, -600_000);
  });

  test('half an answer loses nothing', async () => {
    await poll();
    const before = await list();
    prometheus.behave('warned');
    await poll();
    prometheus.behave('well');
    const { rows, sources } = await list();
    expect(rows).toEqual(before.rows);
    expect(sources[0]?.problem).toContain('a store did not answer');
  });

  test('what is no longer recorded is gone and says so; an objective that changed says what it was', async () => {
    await poll();
    const { kept } = await readKept(db, ['metrics']);
    const [first, ...others] = kept
      .map(({ found }) => found)
      .filter(({ key }) => key !== 'shop-availability');
    if (first === undefined) throw new Error('Nothing was kept.');
    await saveRead(db, 'metrics', [{ ...first, objective: '97' }, ...others], null);
    const { rows } = await list();
    const gone = rows.find(({ name, service }) => name === 'availability' && service === 'shop');
    expect(gone).toMatchObject({
      word: 'no-data',
      sentence: expect.stringContaining('no longer records it'),
    });
    const changed = (await readKept(db, ['metrics'])).kept.filter(({ before }) => before !== null);
    expect(changed.map(({ found, before }) => [found.key, before])).toEqual([
      [first.key, { objective: first.objective, windowSeconds: first.windowSeconds }],
    ]);
    const noted = rows.filter(({ notes }) =>
      notes.some((note) => note.includes(`It was ${first.objective} %`)),
    );
    expect(noted.length + (first.key === 'fraiseql-api-requests' ? 1 : 0)).toBe(1);
    // Silence about the objective is not a change.
    await saveRead(db, 'metrics', [{ ...first, objective: null }, ...others], null);
    await saveRead(db, 'metrics', [{ ...first, objective: '97' }, ...others], null);
    const again = (await readKept(db, ['metrics'])).kept.find(({ found }) => found.key === first.key);
    expect(again?.before).toEqual({ objective: first.objective, windowSeconds: first.windowSeconds });
  });
});
