import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { endSession, lookAtSession } from '@/lib/actuators/postgres/end-session';
import { readRecord } from '@/lib/change/history/read-record';
import { recordText } from '@/lib/change/history/record-text';
import { abortChange } from '@/lib/change/steer-change';
import type { Config } from '@/lib/config/schema';
import { changeNumber } from '@/lib/core/ids';
import { brokeOff, DATABASE, type DataWorld, dataWorld, dieAt } from './testing/data-world';
import { change, planned, reaches, requested, signed, until, type World, writes } from './testing/world';

let data: DataWorld;
beforeAll(async () => {
  data = await dataWorld();
});
afterEach(() => data.clean());
afterAll(() => data.stop());

type Named = { pid: number; startedAt: string };
const ask = ({ pid, startedAt }: Named) =>
  ({ kind: 'end-session', database: DATABASE, pid, startedAt }) as const;
const ended = ['Succeeded', 'Failed', 'BackedOut', 'Voided'] as const;
const stateOf = async (world: World, id: string) => {
  const { state, outcome } = await change(world, id);
  return `${state} ${JSON.stringify(outcome)}`;
};
const orders = async (world: World, id: string) =>
  (await world.db.intent.findMany({ where: { changeNumber: changeNumber(id) } })).map(({ result }) => result);
const signallerOf = ({ databases }: Config) => {
  const signal = databases[0]?.signal;
  if (signal === undefined) throw new Error('No account is configured.');
  return { id: DATABASE, signal };
};
const inTime = { mayStill: () => true, withinSeconds: 60 };
const earlier = ({ pid, startedAt }: Named): Named => ({
  pid,
  startedAt: startedAt.replace(/\d{6}Z$/, (part) =>
    `${(Number(part.slice(0, 6)) + 1) % 1_000_000}`.padStart(6, '0').concat('Z'),
  ),
});

test('exactly one session ends, once, and what it was stands in the record', async () => {
  const config = data.configOf();
  const world = data.under(config);
  await data.start(config);
  const [one, other] = [await data.session('shop-report'), await data.session()];
  await one.client.query('BEGIN');
  await one.client.query("SELECT 'hidden value', pg_backend_pid()");
  const id = await requested(world, ask(one));
  const { plan } = await change(world, id);
  expect(plan).toMatchObject({
    data: { pid: one.pid, user: 'app', application: 'shop-report', state: 'idle in transaction', blocks: [] },
  });
  expect(JSON.stringify(plan)).not.toContain('hidden value');
  await signed(world, id);
  await reaches(world, id, ...ended);
  expect(await stateOf(world, id)).toMatch(/^Succeeded .*rolled back/);
  expect(await data.isThere(one.pid)).toBe(false);
  expect([await data.isThere(other.pid), other.isEnded()]).toEqual([true, false]);
  expect(await orders(world, id)).toEqual(['applied']);
  expect(writes(world)).toHaveLength(0);
  const text = recordText(await readRecord(config, id, world.db));
  expect(text).toContain('Application: shop-report');
  expect(text).toMatch(/Query, without values: SELECT \?, pg.*pid\(\)/);
  expect(text).not.toContain('hidden value');
  const actions = (await data.copies.audit()).map(({ action }) => action);
  expect(actions).toEqual(expect.arrayContaining(['change.intent', 'change.outcome', 'change.succeeded']));
});

test('a process number with another start is never ended: not planned, and not told', async () => {
  const config = data.configOf();
  const world = data.under(config);
  await data.start(config);
  const one = await data.session();
  const { problem } = await planned(world, ask(earlier(one)), config);
  expect(JSON.stringify(problem)).toMatch(/has ended; another one has its number now/);
  expect(await lookAtSession(signallerOf(config), one)).toBe('there');
  expect(await lookAtSession(signallerOf(config), earlier(one))).toBe('gone');
  expect(await endSession(signallerOf(config), earlier(one), inTime)).toBe('gone');
  expect(await data.isThere(one.pid)).toBe(true);
  expect(await endSession(signallerOf(config), one, inTime)).toBe('told');
  await until('it is gone', async () => !(await data.isThere(one.pid)));
});

test('an order that comes too late, or that may not be given any more, ends nothing', async () => {
  const signaller = signallerOf(data.configOf());
  const one = await data.session();
  expect(await endSession(signaller, one, { ...inTime, withinSeconds: 0 })).toBe('late');
  expect(await endSession(signaller, one, { ...inTime, mayStill: () => false })).toBe('late');
  expect(await data.isThere(one.pid)).toBe(true);
});

test('one that ended by itself is left at that, and nothing is sent', async () => {
  const config = data.configOf();
  const world = data.under(config);
  await data.start(config);
  const one = await data.session();
  const id = await requested(world, ask(one));
  await one.client.end();
  await until('it is gone', async () => !(await data.isThere(one.pid)));
  await signed(world, id);
  await reaches(world, id, ...ended);
  expect(await stateOf(world, id)).toMatch(/^Succeeded .*by itself\. Nothing was sent/);
  expect(await orders(world, id)).toEqual([]);
});

test('without the right nothing is planned, and what was planned before fails with the GRANT', async () => {
  const refused = data.configOf({ signal: 'nobody' });
  const world = data.under(refused);
  const worker = await data.start(refused);
  const one = await data.session();
  const { prechecks } = await planned(world, ask(one), refused);
  expect(prechecks).toContainEqual(
    expect.objectContaining({
      id: 'account',
      result: 'fail',
      detail: expect.stringContaining('GRANT pg_signal_backend'),
    }),
  );
  await data.drain(worker);

  await data.copies.admin.query('GRANT pg_signal_backend TO nobody');
  await data.start(refused);
  const id = await requested(world, ask(one));
  await data.copies.admin.query('REVOKE pg_signal_backend FROM nobody');
  await signed(world, id);
  await reaches(world, id, ...ended);
  expect(await stateOf(world, id)).toMatch(/^Failed .*GRANT pg_signal_backend/);
  expect(await orders(world, id)).toEqual(['refused']);
  expect(await data.isThere(one.pid)).toBe(true);
});

test('sessions of the console, processes of the server and an unconfigured account are refused', async () => {
  const config = data.configOf();
  const world = data.under(config);
  await data.start(config);
  const own = await data.session('signalbox-copy-1');
  expect(JSON.stringify((await planned(world, ask(own), config)).problem)).toMatch(
    /one of this console itself/,
  );
  const { rows } = await data.copies.admin.query<Named>(
    `SELECT pid, to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "startedAt"
       FROM pg_stat_activity WHERE backend_type = 'autovacuum launcher'`,
  );
  expect(JSON.stringify((await planned(world, ask(rows[0] ?? own), config)).problem)).toMatch(
    /a part of the server, and is not ended from here/,
  );
  const none = data.configOf({ signal: null });
  await expect(planned(data.under(none), ask(own), none)).rejects.toThrow(/No account is configured/);
});

test.each([
  ['before-intent', ['applied']],
  ['intent-written', ['applied']],
  ['act-sent', ['adopted']],
  ['result-written', ['applied']],
] as const)('a run that dies at %s ends the session once', async (point, results) => {
  const config = data.configOf();
  const world = data.under(config);
  const first = await data.start(config, { reached: dieAt(point), id: 'one' });
  const one = await data.session();
  const id = await requested(world, ask(one));
  await signed(world, id);
  await brokeOff(world, changeNumber(id));
  if (point === 'act-sent') await until('it is gone', async () => !(await data.isThere(one.pid)));
  await data.drain(first);
  await data.start(config, { id: 'two' });
  await reaches(world, id, ...ended);
  expect(await stateOf(world, id)).toMatch(/^Succeeded/);
  expect(await orders(world, id)).toEqual(results);
  expect(await data.isThere(one.pid)).toBe(false);
});

test('an abort between the announcement and the order leaves the session alone', async () => {
  const config = data.configOf();
  const world = data.under(config);
  const first = await data.start(config, { reached: dieAt('intent-written'), id: 'one' });
  const one = await data.session();
  const id = await requested(world, ask(one));
  await signed(world, id);
  await until(
    'the run broke off',
    async () => (await change(world, id)).leaseOwner === null && (await orders(world, id)).length === 1,
  );
  await data.drain(first);
  await abortChange({ actor: world.people.devops, id, reason: 'it is the payroll' }, world.db);
  await data.start(config, { id: 'two' });
  await reaches(world, id, ...ended);
  expect(await stateOf(world, id)).toMatch(/^BackedOut .*was not sent again/);
  expect(await orders(world, id)).toEqual(['superseded']);
  expect(await data.isThere(one.pid)).toBe(true);
});
