import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Config } from '@/lib/config/schema';
import { createDatabase, type Database } from '@/lib/db/client';
import { testConfig } from '@/lib/service/testing/config';
import { shiftTime, type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { record } from '../fleet/testing/recorded';
import { GateView } from './contract';
import { gateText } from './gate-text';
import type { GateAction } from './model';
import { readGate } from './read-gate';
import { gateView, gateViewNow } from './view';

const slo = (id: string, more: object = {}) => ({
  id,
  service: 'shop-api',
  name: id,
  objective: '99.9',
  window: '7d',
  ...more,
});
const configOf = (budget: object | null, slos: object[] = [slo('events')]): Config =>
  testConfig(
    {},
    {
      slos,
      policies: [
        { id: 'all', match: {}, signOffs: ['engineering_lead'], ...(budget === null ? {} : { budget }) },
      ],
    },
  );
const levels = [
  { below: '25', signOffs: ['cto'] },
  { below: '0', refuse: true },
];
const place = { service: 'shop-api', environment: 'production' };

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await testDatabase();
  process.env['DATABASE_URL'] = database.url;
  globalThis.signalboxDatabase = undefined;
  db = createDatabase(database.url);
});
afterAll(async () => {
  forget();
  await globalThis.signalboxDatabase?.$disconnect();
  globalThis.signalboxDatabase = undefined;
  await db.$disconnect();
  await database.drop();
});
beforeEach(() => forget());

/** What the pages have read; each test reads anew. */
function forget(): void {
  for (const poll of globalThis.signalboxFleets?.values() ?? []) poll.close();
  globalThis.signalboxFleets = undefined;
}

const spend = (config: Config, share: number, days = 8) =>
  record(db, config, days, [
    { labels: { region: 'us-east-1' }, at: () => ({ good: 1000 - 2 * share, bad: 2 * share, total: 1000 }) },
    { labels: { region: 'eu-west-1' }, at: () => ({ good: 1000, bad: 0, total: 1000 }) },
  ]);
/** As the pages answer it, and as the command line does: one answer. */
async function ask(config: Config, more: { environment?: string; action?: GateAction } = {}) {
  const asked = { service: 'shop-api', environment: undefined, action: 'deploy' as const, ...more };
  const gate = GateView.parse(await gateView(config, asked));
  const now = await gateViewNow(db, config, asked);
  expect({ ...now, at: gate.at }).toEqual(gate);
  return gate;
}

test('all regions together decide, with the figures of what is recorded and their age', async () => {
  const config = configOf({ levels });
  await spend(config, 0.6);
  const gate = await ask(config);
  expect(gate).toMatchObject({
    open: true,
    verdict: 'open',
    basis: 'budget',
    policy: 'all',
    usualSignOffs: ['engineering_lead'],
    sentence: 'events: 40.0 % of its error budget is left.',
    href: '/slos/events',
  });
  const [one] = gate.objectives;
  expect(one).toMatchObject({ id: 'events', window: '7 d', state: 'ok', coverage: 1, unknown: null });
  expect(one?.budgetLeft).toBeCloseTo(0.4, 9);
  expect(Date.parse(gate.at) - Date.parse(one?.asOf ?? '')).toBeLessThan(180_000);
  expect(gateText(gate).split('\n')[0]).toBe('open');
});

test('below the levels it asks for more and then refuses, but never the way back', async () => {
  const config = configOf({ levels });
  await spend(config, 0.8);
  expect(await ask(config)).toMatchObject({ open: false, verdict: 'sign-offs', signOffs: ['cto'] });
  forget();
  await spend(config, 1.25);
  expect(await ask(config)).toMatchObject({
    open: false,
    verdict: 'closed',
    signOffs: [],
    sentence:
      'Deploys are refused. events: -25.0 % of its error budget is left, below the 0 % of the policy all.',
  });
  expect(await ask(config, { action: 'rollback' })).toMatchObject({ open: true, basis: 'rollback' });
  expect(await readGate(db, config, place, { kind: 'deploy', goesBack: false })).toMatchObject({
    verdict: 'closed',
  });
});

test('a shift is asked by the policy that covers shifts, and one that goes back never waits', async () => {
  const policy = (id: string, actions: string[], more: object) => ({
    id,
    match: { actions },
    signOffs: ['engineering_lead'],
    ...more,
  });
  const policies = [policy('shifts', ['shift'], { budget: { levels } }), policy('rest', ['*'], {})];
  const config = testConfig({}, { slos: [slo('events')], policies });
  await spend(config, 1.25);
  expect(await ask(config)).toMatchObject({ open: true, basis: 'no-policy', policy: 'rest' });
  expect(await ask(config, { action: 'shift' })).toMatchObject({
    verdict: 'closed',
    policy: 'shifts',
    reason: 'events: -25.0 % of its error budget is left, below the 0 % of the policy shifts.',
  });
  const shift = (goesBack: boolean) => readGate(db, config, place, { kind: 'shift', goesBack });
  expect(await shift(false)).toMatchObject({ verdict: 'closed' });
  expect(await shift(true)).toMatchObject({ verdict: 'open', basis: 'rollback' });
  expect(await readGate(db, config, place, { kind: 'deploy', goesBack: true })).toBeNull();
});

test('a policy may name the objectives that it asks; a service without one has nothing to judge', async () => {
  const slos = [slo('events'), slo('strict', { objective: '99.99' })];
  const all = configOf({ levels }, slos);
  await spend(all, 0.5);
  expect(await ask(all)).toMatchObject({
    verdict: 'closed',
    objectives: [{ id: 'strict' }, { id: 'events' }],
  });
  const one = configOf({ levels, slos: ['events'] }, slos);
  expect(await ask(one)).toMatchObject({ verdict: 'open', objectives: [{ id: 'events' }] });
  const other = await gateView(one, { service: 'mailer', environment: undefined, action: 'deploy' });
  expect(other).toMatchObject({
    open: true,
    basis: 'no-objective',
    href: '/services/mailer?environment=production',
  });
});

test('slices of time are judged whole, not by their events', async () => {
  const config = configOf({ levels }, [slo('slices', { method: { timeslices: '5m', target: '99.5' } })]);
  // 0.4 % of a region's requests fail: twice the budget of events, and every slice is good.
  await spend(config, 2);
  expect((await ask(config)).objectives[0]).toMatchObject({ budgetLeft: 1, verdict: 'open' });
});

test('a half recorded window, a recorder that stopped and one that never began are unknown', async () => {
  const short = configOf({ levels }, [slo('short')]);
  await spend(short, 0.1, 2);
  expect(await ask(short)).toMatchObject({
    verdict: 'sign-offs',
    signOffs: ['cto'],
    objectives: [{ state: 'partial', unknown: 'Less than half of its window is recorded (28.6 %).' }],
  });
  forget();
  const never = configOf({ levels, unknown: 'refuse' }, [
    slo('never', { groupBy: [], indicator: events('x') }),
  ]);
  expect(await ask(never)).toMatchObject({
    verdict: 'closed',
    objectives: [
      { budgetLeft: null, asOf: null, unknown: 'The recorder has not counted this objective yet.' },
    ],
  });
  forget();
  const config = configOf({ levels });
  await spend(config, 0.1);
  await shiftTime(database.url, 3_600_000);
  const old = await ask(config);
  await shiftTime(database.url, -3_600_000);
  expect(old).toMatchObject({ open: false, verdict: 'sign-offs', objectives: [{ word: 'no-data' }] });
  expect(old.objectives[0]?.unknown).toMatch(/^The recorder has stopped: nothing new is counted\..* old\.$/);
  expect(old.objectives[0]?.budgetLeft).toBeCloseTo(0.9, 9);
});

test('without a budget part nothing is read and nothing stands in the way', async () => {
  expect(await ask(configOf(null))).toMatchObject({
    open: true,
    basis: 'no-policy',
    policy: 'all',
    objectives: [],
  });
  expect(await readGate(db, configOf(null), place, { kind: 'deploy', goesBack: false })).toBeNull();
});

test('a place that is not there is said', async () => {
  const config = configOf({ levels });
  const asked = { environment: undefined, action: 'deploy' as const };
  await expect(gateView(config, { ...asked, service: 'nowhere' })).rejects.toMatchObject({
    code: 'not-found',
  });
  await expect(
    gateView(config, { ...asked, service: 'shop-api', environment: 'mars' }),
  ).rejects.toMatchObject({
    code: 'not-found',
  });
});

function events(metric: string) {
  return { kind: 'events', total: { metric }, bad: { metric } };
}
