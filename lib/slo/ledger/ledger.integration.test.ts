import { describe, expect, test } from 'vitest';
import { Staged } from '@/lib/change/staged/contract';
import { stagedPlan } from '@/lib/change/testing/staged-plan';
import { changeId } from '@/lib/core/ids';
import { testConfig } from '@/lib/service/testing/config';
import { LedgerView } from './contract';
import { record } from './testing/recorded';
import {
  add,
  at,
  change,
  config,
  db,
  environment,
  hour,
  openLedgerWorld,
  people,
  slo,
  start,
  sumOf,
  view,
} from './testing/world';
import { ledgerView } from './view';
import { voidEntry } from './void-entry';

openLedgerWorld();

test('nothing claims it: all that was spent is unexplained', async () => {
  const ledger = await view();
  expect(ledger.lines).toEqual([]);
  expect(ledger.spent.failed).toBe(2 * 865 + 3 * 500 + 6 * 200);
  expect(ledger.unexplained).toEqual(ledger.spent);
});

describe('a bad release and an incident', () => {
  test('each costs what it caused, within its interval, and all lines are what was spent', async () => {
    const { number } = await change();
    const entry = await add({ change: undefined });
    const ledger = await view();
    const line = (id: string) => ledger.lines.find((one) => one.id === id);
    expect(line(`change:${number}`)).toMatchObject({
      cause: 'change',
      by: 'Sam Reyes',
      change: changeId(number),
      end: 'undo',
      regions: ['us-east-1'],
      gross: { failed: 1503 },
      sharedWith: [],
      background: { kind: 'clean', failed: 288, requests: 2_880_000 },
      beganInOutage: false,
    });
    expect(line(`change:${number}`)?.net.failed).toBeCloseTo(1500, 6);
    expect(line(`change:${number}`)?.low.failed).toBeLessThanOrEqual(1500);
    expect(line(`change:${number}`)?.high.failed).toBeGreaterThanOrEqual(1500);
    expect(line(`entry:${entry.id}`)?.net.failed).toBeCloseTo(1200, 6);
    expect(sumOf(ledger)).toBeCloseTo(ledger.spent.failed, 6);
    expect(ledger.unexplained.failed).toBeCloseTo(2 * 865, 6);
    const byCause = Object.fromEntries(
      ledger.byCause.map(({ cause, cost }) => [cause, Math.round(cost.failed)]),
    );
    expect(byCause).toMatchObject({ change: 1500, incident: 1200, maintenance: 0, unexplained: 1730 });
    const { budgetFailures, requests } = ledger;
    expect(budgetFailures).toBeCloseTo(requests * 0.0005, 6);
    expect(line(`change:${number}`)?.net.share).toBeCloseTo(1500 / budgetFailures, 9);
  });

  test('another change in the same region ends the window, one elsewhere or elsewhen does not', async () => {
    const next = await change({ startedAt: new Date((start + 400) * 1000), state: 'Succeeded' });
    const elsewhere = await change({ region: 'eu-west-1', state: 'Succeeded' });
    const never = await change({ startedAt: null, finishedAt: null, state: 'Rejected' });
    const ledger = await view({ horizonHours: 1 });
    const costs = new Map(ledger.lines.map((line) => [line.id, line]));
    const first = ledger.lines.find(({ end }) => end === 'next-change');
    expect(first?.net.failed).toBeCloseTo(500, 6);
    expect(costs.get(`change:${next.number}`)?.net.failed).toBeCloseTo(1000, 6);
    expect(costs.get(`change:${elsewhere.number}`)?.net.failed).toBeCloseTo(0, 6);
    expect(costs.has(`change:${never.number}`)).toBe(false);
    expect(sumOf(ledger)).toBeCloseTo(ledger.spent.failed, 6);
    await db.change.deleteMany({ where: { number: { in: [next.number, elsewhere.number, never.number] } } });
  });

  test('an overlapping entry shares the cost, one that the change caused does not', async () => {
    const test_ = await add({ cause: 'production-test', region: undefined, from: at(0), to: at(900) });
    const ledger = await view();
    const shared = ledger.lines.filter(({ sharedWith }) => sharedWith.length > 0);
    expect(shared.map(({ net }) => Math.round(net.failed)).sort()).toEqual([750, 750]);
    expect(shared.map(({ low }) => low.failed)).toEqual([0, 0]);
    expect(sumOf(ledger)).toBeCloseTo(ledger.spent.failed, 6);
    await voidEntry({ actor: people.sre, config, slo, id: test_.id, input: { reason: 'Wrong day' } }, db);
    const [one] = await db.change.findMany({ select: { number: true } });
    const caused = await add({
      region: undefined,
      from: at(0),
      to: at(900),
      change: changeId(one?.number ?? 0),
    });
    const again = await view();
    expect(again.lines.find(({ id }) => id === `entry:${caused.id}`)?.net.failed).toBe(0);
    expect(again.lines.every(({ sharedWith }) => sharedWith.length === 0)).toBe(true);
    expect(again.voided.map(({ id, voided }) => [id, voided?.by, voided?.reason])).toEqual([
      [test_.id, 'Sam Reyes', 'Wrong day'],
    ]);
  });
});

describe('a change over two regions, one after the other', () => {
  /** Carried out from the bad release in the first region until the trouble in the second is over. */
  const inWaves = async (onFailure: 'back-out-all' | 'keep-finished' = 'back-out-all') => {
    await db.intent.deleteMany();
    await db.change.deleteMany();
    await db.sloEntry.deleteMany();
    const staged = Staged.parse({ ...stagedPlan.staged, onFailure });
    return change({
      plan: { ...stagedPlan, service: 'shop-api', staged },
      finishedAt: new Date((start + 2.5 * hour) * 1000),
    });
  };
  const wrote = (
    changeNumber: number,
    region: string,
    seconds: number,
    { verb = 'write', result = 'applied' } = {},
  ) =>
    db.intent.create({
      data: {
        id: `${changeNumber}/${region}/${seconds}`,
        changeNumber,
        step: 1,
        attempt: 1,
        verb,
        target: `${region}/Deployment/shop/shop-api`,
        targetUid: 'u',
        targetRv: '1',
        epoch: 1,
        onBehalfOf: 'x',
        before: {},
        desired: {},
        createdAt: new Date((start + seconds) * 1000),
        resolvedAt: new Date((start + seconds) * 1000),
        result,
      },
    });

  test('is one line with what the requests of each region cost', async () => {
    const { number } = await inWaves();
    await wrote(number, 'us-east-1', 10);
    await wrote(number, 'us-east-1', 2.5 * hour - 10, { verb: 'restore' });
    await wrote(number, 'eu-west-1', 2 * hour);
    await wrote(number, 'eu-west-1', 2.5 * hour - 10, { verb: 'restore' });
    const ledger = await view();
    expect(ledger.lines).toMatchObject([
      { id: `change:${number}`, regions: ['us-east-1', 'eu-west-1'], end: 'undo', from: at(10) },
    ]);
    const [line] = ledger.lines;
    // 1,500 of the bad release, and 1,200 of the trouble in the other region.
    expect(line?.net.failed).toBeCloseTo(2700, 6);
    expect(line?.low.failed).toBeLessThanOrEqual(2700);
    expect(line?.high.failed).toBeGreaterThanOrEqual(2700);
    expect(sumOf(ledger)).toBeCloseTo(ledger.spent.failed, 6);
  });

  test('costs nothing in a region that it never wrote in', async () => {
    const { number } = await inWaves();
    await wrote(number, 'us-east-1', 10);
    await wrote(number, 'eu-west-1', 2 * hour, { result: 'rejected' });
    const ledger = await view();
    expect(ledger.lines).toMatchObject([{ regions: ['us-east-1'] }]);
    expect(ledger.lines[0]?.net.failed).toBeCloseTo(1500, 6);
    expect(ledger.unexplained.failed).toBeGreaterThan(1200);
  });

  test('goes on where a finished region was kept', async () => {
    const { number } = await inWaves('keep-finished');
    await wrote(number, 'us-east-1', 10);
    await wrote(number, 'eu-west-1', 2 * hour);
    await wrote(number, 'eu-west-1', 2.5 * hour - 10, { verb: 'restore' });
    const { lines } = await view({ horizonHours: 2 });
    expect(lines).toMatchObject([{ end: 'horizon', to: at(4.5 * hour) }]);
  });

  test('goes on where a region was kept and its autoscaler let go', async () => {
    const { number } = await inWaves('keep-finished');
    await wrote(number, 'us-east-1', 10);
    await wrote(number, 'us-east-1', 2.5 * hour - 5, { verb: 'restore' });
    await wrote(number, 'eu-west-1', 2 * hour);
    await wrote(number, 'eu-west-1', 2.5 * hour - 10, { verb: 'restore' });
    const outcome = { sentence: 'It went back in eu-west-1.', kept: ['us-east-1'] };
    await db.change.update({ where: { number }, data: { outcome } });
    const { lines } = await view({ horizonHours: 2 });
    expect(lines).toMatchObject([{ end: 'horizon', to: at(4.5 * hour) }]);
  });

  test('costs an objective of one region what it cost there', async () => {
    const { number } = await inWaves();
    await wrote(number, 'us-east-1', 10);
    await wrote(number, 'eu-west-1', 2 * hour);
    const total = {
      metric: 'http_requests_total',
      matchers: [{ label: 'region', op: '=', value: 'eu-west-1' }],
    };
    const selecting = {
      id: 'shop-eu',
      service: 'shop-api',
      name: 'Availability in Europe',
      objective: '99.95',
      groupBy: [],
      indicator: { kind: 'events', total, bad: total },
    };
    const buckets = new Map(
      Array.from({ length: 30 * 12 }, (_, index): [number, { bad: number; total: number }] => [
        start - 24 * hour + (index + 1) * 300,
        { bad: index >= 26 * 12 ? 11 : 1, total: 10_000 },
      ]),
    );
    await record(db, { slo: 'shop-eu', environment, labels: {} }, buckets);
    const found = LedgerView.parse(
      await ledgerView(
        testConfig({}, { slos: [selecting] }),
        { slo: 'shop-eu', exclusions: 'applied', horizonHours: 4 },
        people.sre,
        db,
      ),
    );
    expect(found.lines).toMatchObject([{ regions: ['eu-west-1'], from: at(2 * hour) }]);
    // Ten too many in each of the cells from the first write there to the end.
    expect(found.lines[0]?.net.failed).toBeCloseTo(7 * 10, 6);
  });
});
