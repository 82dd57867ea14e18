import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { transaction } from '@/lib/db/transaction';
import { shiftTime } from '@/scripts/testing/database';
import { person } from '@/worker/testing/people';
import { carryOutDrills } from '../drill/carry-out';
import { requestDrill } from '../drill/request-drill';
import { makeDueCopies } from '../make-copy';
import { readCopies, toRetained } from '../retention/store';
import { findTroubles } from '../trouble/find-trouble';
import { backupsView } from '../view';
import { wantCopy } from '../want-copy';
import { type RestoreWorld, restoreWorld } from './testing/world';

const actor = { kind: 'worker', id: 'w1' } as const;
let world: RestoreWorld;
beforeAll(async () => {
  world = await restoreWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.clean());

const due = () => makeDueCopies(world.copier(world.config()));
const view = async () => {
  const { databases } = await backupsView(world.config(), undefined, world.db);
  const [shop] = databases;
  if (shop === undefined) throw new Error('There is no view of the shop.');
  return shop;
};
const troubles = () => transaction((tx) => findTroubles(tx, world.config()), world.db);
const hours = (count: number) => shiftTime(world.database.url, count * 3_600_000);
const end = (number: number, state: string) =>
  world.db.$executeRaw`UPDATE change SET state = ${state}, finished_at = app.now() WHERE number = ${number}`;

describe('while a change restores the database', () => {
  test('its schedule stands still, which is neither missed nor failed, and goes on with the next moment', async () => {
    await world.make(world.config());
    const { number } = await world.change();
    await hours(3);
    expect(await due()).toBe(0);
    expect(await view()).toMatchObject({
      missed: null,
      running: null,
      standstill: `c-${number} restores Shop: no copy of it is made until that has ended.`,
    });
    expect(await troubles()).toEqual([]);
    await end(number, 'Succeeded');
    expect(await view()).toMatchObject({ missed: null, standstill: null });
    expect(await troubles()).toEqual([]);
    // What passed meanwhile is not caught up with: the next moment of the schedule is.
    expect(await due()).toBe(0);
    await hours(1);
    expect(await due()).toBe(1);
    expect(await world.newest()).toMatchObject({ state: 'kept', missedSlots: 0, cause: 'schedule' });
  });

  test.each(['Watching', 'Paused', 'DataHold', 'DriftHold', 'Frozen', 'ReconcileRequired'])(
    'it stands still also in %s',
    async (state) => {
      await world.change({ state });
      expect(await due()).toBe(0);
    },
  );

  test.each([
    ['one that nobody has begun', { state: 'Approved', startedAt: null }],
    ['one of another database', { plan: { data: { do: 'restore', database: 'other' } } }],
    ['one that makes a copy', { kind: 'backup', plan: { data: { do: 'backup', database: 'shop' } } }],
  ])('%s keeps no copy from being made', async (_, more) => {
    await world.change(more);
    expect(await due()).toBe(1);
  });

  test('copies of other changes wait, and its own safety copy is made', async () => {
    await world.make(world.config());
    const { number } = await world.change();
    const other = await world.change({ kind: 'backup', plan: { data: { do: 'backup', database: 'shop' } } });
    const want = (change: number) =>
      transaction((tx) => wantCopy(tx, actor, { database: 'shop', change }, new Date()), world.db);
    await want(other.number);
    expect(await due()).toBe(0);
    await want(number);
    expect(await due()).toBe(1);
    expect(await world.newest()).toMatchObject({ changeNumber: number, state: 'kept' });
    await end(number, 'BackedOut');
    expect(await due()).toBe(1);
    expect(await world.newest()).toMatchObject({ changeNumber: other.number });
  });

  test('a copy that its load waits for is told as kept by it', async () => {
    const { id } = await world.proven(world.config());
    const { number } = await world.asked(id);
    const [copy] = await readCopies(world.db, 'shop');
    if (copy === undefined) throw new Error('The copy is gone.');
    expect(toRetained(copy, false).pins).toEqual(['a change restores it']);
    await world.stopLoad(number);
    const [after] = await readCopies(world.db, 'shop');
    expect(after?.inUse).toBe(null);
  });

  test('drills go on: they are on the scratch server', async () => {
    await world.proven(world.config());
    await world.change();
    const sre = await person(world.db, 'Sam Reyes', ['sre']);
    await requestDrill({ actor: sre, config: world.config(), database: 'shop', input: {} }, world.db);
    expect(await carryOutDrills(world.copier(world.config()))).toBe(1);
    expect(await world.db.restoreRun.findFirst({ where: { purpose: 'drill' } })).toMatchObject({
      state: 'done',
    });
  });
});
