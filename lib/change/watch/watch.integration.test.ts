import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { changeId, changeNumber } from '@/lib/core/ids';
import { type AnswerServer, answerServer } from '@/lib/sources/testing/answer-server';
import { shiftTime } from '@/scripts/testing/database';
import { testConfig } from '@/worker/testing/config';
import { readRecord } from '../history/read-record';
import { recordText } from '../history/record-text';
import { audited, database, db, hash, openVerbWorld, people, plan } from '../testing/verbs';
import { lookAtTiers, type Watcher } from './look-at-tiers';
import { viewWatch } from './view';

openVerbWorld();

const minute = 60;
const hour = 3600;
let prometheus: AnswerServer;
/** Failed requests of the new version, of 1000; null: no answer. */
let failed: number | null = 2;
let restarted: number | null = 0;

beforeAll(async () => {
  prometheus = await answerServer(({ form }) => {
    if (failed === null) return { status: 503, body: '' };
    const isVersion = form.get('query')?.includes('version=') === true;
    const counts = isVersion ? { total: 1000, failed } : { total: 10_000, failed: 20 };
    const result = Object.entries(counts).map(([part, value]) => ({
      metric: { signalbox_part: part },
      value: [Number(form.get('time')), String(value)],
    }));
    return { body: JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }) };
  });
});
afterAll(() => prometheus?.stop());
beforeEach(async () => {
  failed = 2;
  restarted = 0;
  prometheus.seen.length = 0;
  await db.watchTier.deleteMany();
  await db.outbox.deleteMany();
  await db.change.updateMany({ data: { state: 'Cancelled' } });
});

const config = () =>
  testConfig(
    { kubeconfig: '/none', prometheus: prometheus.url, webhook: '/none' },
    { guard: { minRequests: 50 } },
  );
const watcher = (id: string): Watcher => ({
  db,
  config: config(),
  actor: { kind: 'worker', id },
  restartedSince: async () => restarted,
});
/** Two workers at once: how many looks each of them made. */
const bothLook = () => Promise.all([lookAtTiers(watcher('one')), lookAtTiers(watcher('two'))]);

type Given = { kind?: string; region?: string; state?: string };

/** A change that has just ended so; by the database's clock, which the tests move. */
async function succeeded({
  kind = 'deploy',
  region = 'us-east-1',
  state = 'Succeeded',
}: Given = {}): Promise<string> {
  const { number } = await db.change.create({
    data: {
      kind,
      service: plan.service,
      environment: plan.environment,
      region,
      cluster: plan.cluster,
      namespace: plan.target.namespace,
      plan,
      planHash: hash,
      policy: config().policies[0] ?? {},
      reason: 'The new version fixes the slow query.',
      requesterId: people.sre.id,
      requesterName: people.sre.name,
      reviewExpiresAt: new Date(),
      state,
    },
  });
  await db.$executeRaw`UPDATE change SET started_at = app.now() - interval '10 min', finished_at = app.now()
    WHERE number = ${number}`;
  return changeId(number);
}
const states = async (id: string) => (await viewWatch(db, changeNumber(id)))?.tiers.map(({ state }) => state);
const log = async (id: string) =>
  (
    await db.observation.findMany({
      where: { changeNumber: changeNumber(id), kind: 'seen' },
      orderBy: { seq: 'asc' },
    })
  ).map(({ sentence }) => sentence);
const watchEntries = async (id: string) =>
  (await audited(id)).filter((entry) => entry.startsWith('change.watch_ended'));
/** Lets so many seconds pass in steps, with two workers that look after each. */
async function walk(seconds: number, step: number): Promise<number> {
  let looks = 0;
  for (let passed = 0; passed < seconds; passed += step) {
    await shiftTime(database.url, step * 1000);
    looks += (await bothLook()).reduce((sum, one) => sum + one);
  }
  return looks;
}

test('a deploy that stays good is watched for a week, each look by one worker, and then closed', async () => {
  const id = await succeeded();
  expect(await bothLook()).toEqual([0, 0]);
  expect(await states(id)).toEqual(['open', 'open', 'open', 'open', 'open']);
  expect(await viewWatch(db, changeNumber(id))).toMatchObject({ state: 'open', supersededBy: null });

  const first = await walk(15 * minute, minute);
  expect([7, 8]).toContain(first);
  await walk(minute, minute);
  expect(await states(id)).toEqual(['good', 'open', 'open', 'open', 'open']);
  await walk(46 * minute, 2 * minute);
  const tiers = await db.watchTier.findMany({
    where: { changeNumber: changeNumber(id) },
    orderBy: { seconds: 'asc' },
  });
  expect(tiers.map(({ state }) => state)).toEqual(['good', 'good', 'open', 'open', 'open']);
  // After the first hour nothing is looked at before the end of a tier.
  expect(tiers.map(({ looks }) => looks > 0)).toEqual([true, true, false, false, false]);
  expect(await walk(2 * hour, 30 * minute)).toBe(0);
  await walk(hour, hour);
  await walk(20 * hour, 20 * hour);
  await walk(6 * 24 * hour, 6 * 24 * hour);
  expect(await states(id)).toEqual(['good', 'good', 'good', 'good', 'good']);
  expect(await viewWatch(db, changeNumber(id))).toMatchObject({
    state: 'good',
    sentence: 'The watch of 1 week is over: as good as before.',
  });
  expect(await watchEntries(id)).toEqual(Array(5).fill('change.watch_ended ok'));
  expect((await log(id))[0]).toBe(
    'As good as before, 15 min after its end: 2 of 1000 requests failed (0.2 %); the hour before 0.2 %, ' +
      'the same hour last week 0.2 %. No pod restarted.',
  );
  expect(await db.outbox.count({ where: { event: 'change.regressed' } })).toBe(0);
});

test('a regression is told once, at the second bad look in a row', async () => {
  const id = await succeeded();
  await bothLook();
  failed = 40;
  await walk(2 * minute, minute);
  expect((await states(id))?.[0]).toBe('open');
  await walk(3 * minute, minute);
  expect(await states(id)).toEqual(['regressed', 'open', 'open', 'open', 'open']);
  expect(await watchEntries(id)).toEqual(['change.watch_ended failed']);
  expect(await db.outbox.findMany({ where: { event: 'change.regressed' } })).toMatchObject([
    { webhook: 'chat' },
  ]);
  expect(await viewWatch(db, changeNumber(id))).toMatchObject({
    state: 'regressed',
    sentence: 'Worse than before the change, within 15 min of its end.',
  });
});

test('the deployment record has every tier, those that are due too', async () => {
  const id = await succeeded();
  await bothLook();
  await walk(16 * minute, 8 * minute);
  const record = await readRecord(config(), id, db);
  expect(record.watch.map(({ seconds, state }) => [seconds, state])).toEqual([
    [900, 'good'],
    [3600, 'open'],
    [14_400, 'open'],
    [86_400, 'open'],
    [604_800, 'open'],
  ]);
  const text = recordText(record).split('## Watch after it succeeded')[1]?.split('##')[0] ?? '';
  expect(text).toMatch(/^- \S+ 15 min after its end: As before: 2 of 1000 requests failed \(0\.2 %\)/m);
  expect(text).toMatch(/^- due \S+ 1 week after its end: Watched$/m);
});

test('pods that restart are a regression too', async () => {
  const id = await succeeded();
  await bothLook();
  restarted = 2;
  await walk(5 * minute, minute);
  expect((await states(id))?.[0]).toBe('regressed');
  expect((await log(id)).at(-1)).toMatch(
    /^Worse than before, within 15 min after its end: .*2 pods restarted\./,
  );
});

test('a newer change at the same place ends it; one elsewhere does not', async () => {
  const id = await succeeded();
  await bothLook();
  const elsewhere = await succeeded({ region: 'eu-west-1' });
  await db.$executeRaw`UPDATE change SET started_at = finished_at, state = 'Failed' WHERE number = ${changeNumber(elsewhere)}`;
  await bothLook();
  expect((await states(id))?.[0]).toBe('open');
  await shiftTime(database.url, 1000);
  const newer = await succeeded();
  await db.$executeRaw`UPDATE change SET state = 'Running', started_at = app.now(), finished_at = NULL WHERE number = ${changeNumber(newer)}`;
  await bothLook();
  expect(await states(id)).toEqual(Array(5).fill('superseded'));
  expect(await viewWatch(db, changeNumber(id))).toMatchObject({
    state: 'superseded',
    supersededBy: newer,
    sentence: `${newer} has taken its place.`,
  });
  expect(await watchEntries(id)).toEqual(['change.watch_ended ok']);
  expect(await log(id)).toEqual([`No longer watched: superseded by ${newer}.`]);
});

test('figures that cannot be read are asked for again, and in the end it is not clear', async () => {
  const id = await succeeded();
  await bothLook();
  failed = null;
  await walk(16 * minute, 4 * minute);
  expect((await states(id))?.[0]).toBe('open');
  await walk(8 * minute, 2 * minute);
  expect((await states(id))?.[0]).toBe('unclear');
  expect((await log(id))[0]).toMatch(
    /^Not clear whether it is as good as before, 15 min after its end: .*503/,
  );
});

test('after an outage of the workers a tier is judged by the figures of the moment it was due', async () => {
  const id = await succeeded();
  await bothLook();
  await walk(2 * hour, 2 * hour);
  expect(await states(id)).toEqual(['good', 'good', 'open', 'open', 'open']);
  const tiers = await db.watchTier.findMany({
    where: { changeNumber: changeNumber(id) },
    orderBy: { seconds: 'asc' },
  });
  const asked = prometheus.seen
    .filter(({ form }) => form.get('query')?.includes('version='))
    .map(({ form }) => Number(form.get('time')) * 1000)
    // Two workers ask beside each other.
    .toSorted((a, b) => a - b);
  expect(asked).toEqual(tiers.slice(0, 2).map(({ dueAt }) => dueAt.getTime()));
  // What only the present knows is no part of it.
  expect((await log(id))[0]).not.toMatch(/restarted/);
});

test('where one that went back has kept its version, that region alone is watched', async () => {
  const id = await succeeded({ state: 'BackedOut' });
  await bothLook();
  expect(await states(id)).toBeUndefined();
  const outcome = { sentence: 'It went back in us-east-1.', kept: ['eu-west-1'] };
  await db.change.update({ where: { number: changeNumber(id) }, data: { outcome } });
  await bothLook();
  expect(await states(id)).toEqual(['open', 'open', 'open', 'open', 'open']);
  await walk(2 * minute, 2 * minute);
  const asked = prometheus.seen.map(({ form }) => form.get('query') ?? '');
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((query) => !query.includes('region="eu-west-1"'))).toEqual([]);
  // Where it went back, another change takes nothing away.
  await shiftTime(database.url, 11 * minute * 1000);
  await succeeded({ region: 'us-east-1' });
  await bothLook();
  expect((await states(id))?.[1]).toBe('open');
  const newer = await succeeded({ region: 'eu-west-1' });
  await bothLook();
  expect((await viewWatch(db, changeNumber(id)))?.supersededBy).toBe(newer);
});

test('a worker that took a look and died is replaced', async () => {
  const id = await succeeded();
  await bothLook();
  await shiftTime(database.url, 15 * minute * 1000);
  const dying = { ...watcher('dies'), restartedSince: () => Promise.reject(new Error('killed')) };
  await expect(lookAtTiers(dying)).rejects.toThrow('killed');
  await bothLook();
  expect((await states(id))?.[0]).toBe('open');
  await shiftTime(database.url, 61_000);
  await bothLook();
  expect((await states(id))?.[0]).toBe('good');
  expect(await watchEntries(id)).toEqual(['change.watch_ended ok']);
});

test('only a version that was brought out and runs still is watched', async () => {
  const old = await succeeded();
  await shiftTime(database.url, 3600_000);
  const ids = [
    old,
    await succeeded({ kind: 'rollback' }),
    await succeeded({ kind: 'restart' }),
    await succeeded({ state: 'BackedOut' }),
    await succeeded({ state: 'Failed' }),
  ];
  await bothLook();
  expect(await Promise.all(ids.map((id) => viewWatch(db, changeNumber(id))))).toEqual(ids.map(() => null));
});
