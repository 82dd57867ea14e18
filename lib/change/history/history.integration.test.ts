import { describe, expect, test } from 'vitest';
import { isOpsError } from '@/lib/core/errors';
import { changeId } from '@/lib/core/ids';
import { serviceOf } from '@/lib/service/placements';
import { change, config, db } from '@/lib/slo/ledger/testing/world';
import { HistoryView, MeasuresView } from './contract';
import { measuresView } from './measures-view';
import { placeChanges } from './places';
import { MOST_FACTS } from './read-facts';
import { openHistoryWorld, past, plan, service, wroteIn } from './testing/past';
import { historyView } from './view';

openHistoryWorld();

const history = async (query: object = {}) =>
  HistoryView.parse(await historyView(config, { service, ...query }, db));
const idsOf = async (query: object = {}) => (await history(query)).changes.map(({ id }) => id);

describe('the history of a service', () => {
  test('has changes of every kind, newest first, with who, why, how long and what it cost', async () => {
    const bad = await change({ ticket: 'OPS-7' });
    const waiting = await change({
      kind: 'restart',
      plan: { ...plan, kind: 'restart' },
      state: 'InReview',
      startedAt: null,
      finishedAt: null,
    });
    const { changes, next, environments, name } = await history();
    expect({ next, environments, name }).toEqual({
      next: null,
      environments: ['production'],
      name: 'Shop API',
    });
    expect(changes.map(({ id }) => id)).toEqual([changeId(waiting.number), changeId(bad.number)]);
    expect(changes[0]).toMatchObject({
      kind: 'restart',
      outcome: 'open',
      startedAt: null,
      seconds: null,
      cost: { state: 'not-carried-out', lines: [] },
    });
    expect(changes[1]).toMatchObject({
      kind: 'deploy',
      requesterName: 'Sam Reyes',
      reason: 'A new version',
      ticket: 'OPS-7',
      outcome: 'backed-out',
      seconds: 790,
      cost: { state: 'priced' },
    });
    const [cost] = changes[1]?.cost.lines ?? [];
    expect(cost).toMatchObject({
      slo: 'shop-availability',
      unit: 'requests',
      sharedWith: [],
      isCounting: false,
      isGross: false,
      coverage: 1,
    });
    expect(cost?.failed).toBeCloseTo(1500, 6);
    expect(cost?.low).toBeLessThanOrEqual(1500);
    expect(cost?.high).toBeGreaterThanOrEqual(1500);
    // Two regions of 10,000 requests in each 5 minutes of 72 h, of which 0.05 % may fail.
    expect(cost?.share).toBeCloseTo(1500 / (0.0005 * 2 * 865 * 10_000), 6);
    expect(cost?.shareLow).toBeLessThanOrEqual(cost?.share ?? 0);
    expect(cost?.shareHigh).toBeGreaterThanOrEqual(cost?.share ?? 1);
  });

  test('one whose time nobody counted is not free of charge', async () => {
    const old = await past(200);
    const [row] = (await history()).changes;
    expect(row).toMatchObject({ id: changeId(old), cost: { state: 'not-counted', lines: [] } });
  });

  test('is filtered by environment, kind and outcome', async () => {
    const deploy = await past(3);
    const restart = await past(2, { kind: 'restart', plan: { ...plan, kind: 'restart' } });
    const staging = await past(1, { environment: 'staging' });
    const voided = await past(0.5, { state: 'Voided', startedAt: null }, false);
    const ids = (...numbers: number[]) => numbers.map(changeId);
    expect(await idsOf()).toEqual(ids(voided, staging, restart, deploy));
    expect(await idsOf({ environment: 'production' })).toEqual(ids(voided, restart, deploy));
    expect(await idsOf({ kind: 'restart' })).toEqual(ids(restart));
    expect(await idsOf({ outcome: 'not-carried-out' })).toEqual(ids(voided));
    expect(await idsOf({ outcome: 'open' })).toEqual([]);
    expect(await idsOf({ kind: 'deploy', outcome: 'succeeded', before: changeId(staging) })).toEqual(
      ids(deploy),
    );
  });

  test('goes on page by page to its end', async () => {
    const all: number[] = [];
    for (let index = 0; index < 26; index += 1)
      all.push((await change({ state: 'Voided', startedAt: null })).number);
    const first = await history();
    expect(first.changes).toHaveLength(25);
    expect(first.next).toBe(changeId(all[1] ?? 0));
    const second = await history({ before: first.next });
    expect(second.changes.map(({ id }) => id)).toEqual([changeId(all[0] ?? 0)]);
    expect(second.next).toBeNull();
  });

  test('says of each place that the cluster cannot be read, and why', async () => {
    const { places } = await history();
    expect(places.map(({ environment, region }) => `${environment} ${region}`)).toEqual([
      'production us-east-1',
      'production eu-west-1',
    ]);
    for (const { running, desired } of places) {
      expect(desired).toBeNull();
      expect(running).toMatchObject({ state: 'missing', detail: expect.any(String) });
    }
  });

  test('a change over regions counts in each, from the moment that it wrote there; a shift of a part is one', async () => {
    const regions = ['us-east-1', 'eu-west-1'];
    const staged = (after: number) => ({
      regions,
      shares: regions.map((region) => ({ region, before: 0, after })),
    });
    const first = await past(3, { plan: { ...plan, staged: staged(1) } }, false);
    await db.intent.create({ data: { ...wroteIn('us-east-1'), id: `${first}/1/1`, changeNumber: first } });
    const effect = { what: 'traffic', from: '0 %', to: '25 %' };
    const part = await past(
      2,
      { kind: 'shift', plan: { ...plan, kind: 'shift', effect, staged: staged(0.25) } },
      false,
    );
    const found = await placeChanges(db, serviceOf(config, service));
    const at = (region: string) =>
      (found.get(`production/${region}`) ?? []).map(({ id, wrote, isPartial }) => [id, wrote, isPartial]);
    expect(at('us-east-1')).toEqual([
      [changeId(part), false, true],
      [changeId(first), true, false],
    ]);
    expect(at('eu-west-1')).toEqual([
      [changeId(part), false, true],
      [changeId(first), false, false],
    ]);
    expect(found.get('production/us-east-1')?.[0]?.title).toBe('Send 25 % of Shop API to 2.0.0');
  });

  test('a service or an environment that is not there is not found', async () => {
    for (const query of [{ service: 'nobody' }, { environment: 'mars' }]) {
      const refused = await history(query).catch((error: unknown) => error);
      expect(isOpsError(refused, 'not-found')).toBe(true);
    }
  });
});

describe('the measures', () => {
  const measured = async (ask: object = {}) =>
    MeasuresView.parse(await measuresView(config, { service, days: '30', ...ask }, db));
  const figureOf = ({ measures }: MeasuresView, id: string) => measures.find((one) => one.id === id)?.value;

  test('are counted from the changes of the span, of one service or of all', async () => {
    await past(40);
    const good = [];
    for (const ago of [20, 19, 18, 17]) good.push(await past(ago));
    await past(16, { state: 'BackedOut' });
    await past(15, { reverts: good[3] ?? 0, kind: 'rollback', plan: { ...plan, kind: 'rollback' } });
    await past(14, { state: 'BackedOut' }, false);
    await past(13, { state: 'Cancelled', startedAt: null }, false);
    await past(12, { kind: 'restart' });
    await past(11, { state: 'Running', finishedAt: null });
    await past(10, { service: 'mailer', plan: { ...plan, service: 'mailer' } });
    const own = await measured();
    expect(own.counts).toEqual({
      deployments: 5,
      succeeded: 4,
      backedOut: 1,
      failed: 0,
      undone: 1,
      rollbacks: 1,
      notCarriedOut: 2,
      open: 1,
    });
    expect(own.knownDays).toBeCloseTo(30, 6);
    expect(own.isCut).toBe(false);
    expect(figureOf(own, 'deployment-frequency')).toBeCloseTo((5 / 30) * 7, 6);
    expect(figureOf(own, 'lead-time')).toBe(1200);
    expect(figureOf(own, 'change-fail-rate')).toBe(2 / 5);
    expect(figureOf(own, 'rework-rate')).toBe(1 / 6);
    expect(figureOf(own, 'recovery-time')).toBeNull();
    const all = await measured({ service: undefined });
    expect([all.service, all.counts.deployments]).toEqual([null, 6]);
    expect((await measured({ days: '90' })).counts.deployments).toBe(6);
  });

  test('take a deploy over two regions back by a rollback in the second one', async () => {
    const staged = { regions: ['us-east-1', 'eu-west-1'] };
    const both = await past(20, { plan: { ...plan, staged } });
    await past(19, {
      ...{ reverts: both, kind: 'rollback', region: 'eu-west-1' },
      plan: { ...plan, kind: 'rollback', region: 'eu-west-1' },
    });
    expect((await measured()).counts).toMatchObject({ deployments: 1, undone: 1, rollbacks: 1 });
  });

  test('read only so many at once, and then tell of the days that those cover', async () => {
    const first = await past(80, {}, false);
    await db.$executeRaw`
      INSERT INTO change (kind, service, environment, region, cluster, namespace, plan, plan_hash, policy, reason,
        requester_id, requester_name, state, review_expires_at, created_at, finished_at)
      SELECT kind, service, environment, region, cluster, namespace, plan, plan_hash, policy, reason, requester_id,
        requester_name, 'Voided', review_expires_at, created_at + i * interval '10 min', created_at + i * interval '10 min' + interval '1 min'
      FROM change, generate_series(1, ${MOST_FACTS + 1000}) i WHERE number = ${first} ORDER BY i`;
    const cut = await measured({ days: '90' });
    expect(cut.isCut).toBe(true);
    expect(cut.counts).toMatchObject({ deployments: 0, notCarriedOut: MOST_FACTS });
    expect(cut.knownDays).toBeGreaterThan(73);
    expect(cut.knownDays).toBeLessThan(74);
    await db.change.deleteMany({ where: { number: { lte: first + 1000 } } });
    expect((await measured({ days: '90' })).isCut).toBe(false);
  });

  test('a young record is no span of 30 days, and none at all has no values', async () => {
    const none = await measured();
    expect(none.knownDays).toBe(0);
    expect(none.measures.map(({ value }) => value)).toEqual([null, null, null, null, null]);
    for (const ago of [2, 1.9, 1.8, 1.7, 1.6]) await past(ago);
    const young = await measured();
    expect(young.knownDays).toBeGreaterThan(2);
    expect(young.knownDays).toBeLessThan(3);
    expect(figureOf(young, 'deployment-frequency')).toBeNull();
    expect(figureOf(young, 'change-fail-rate')).toBe(0);
  });
});
