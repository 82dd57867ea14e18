import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '@/lib/config/schema';
import { shiftTime } from '@/scripts/testing/database';
import { readTarget } from '../connection';
import { installationId } from '../installation';
import { deleteCopies, markCopies } from '../retention/carry-out';
import { runRetention } from '../retention/run-retention';
import { readCopies } from '../retention/store';
import { retentionView } from '../retention/view';
import { createScratch, drillName, dropLeftovers, scratchName } from '../scratch';
import { expiringAt, ownedBy } from '../scratch-mark';
import { requestDueDrills } from './request-due';
import { type DrillWorld, drillWorld } from './testing/world';

let world: DrillWorld;
let copy: { id: string; object: string };
beforeAll(async () => {
  world = await drillWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.clean();
  copy = await good();
});

/** A copy that stands at level 4 by its row: what a restore of it shows is shown elsewhere. */
async function good() {
  const { id } = await world.make();
  return world.db.backupCopy.update({ where: { id }, data: { level: 4 } });
}
const drills = () => world.db.restoreRun.findMany({ orderBy: { requestedAt: 'asc' } });

describe('who may ask, and for what', () => {
  test('the newest good copy unless another one is named', async () => {
    const newer = await good();
    expect(await world.ask()).toMatchObject({ database: 'shop', copy: newer.id, object: newer.object });
    await world.carryOut();
    expect(await world.ask({ copy: copy.id })).toMatchObject({ copy: copy.id });
  });

  test('a stakeholder may not, and nothing is written', async () => {
    await expect(world.ask({}, undefined, world.stakeholder)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await drills()).toEqual([]);
  });

  test('of two people who ask at once one is told that a drill is under way, and by whom', async () => {
    const asked = await Promise.allSettled([world.ask(), world.ask()]);
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [refused] = asked.filter((one) => one.status === 'rejected');
    expect(refused?.reason).toMatchObject({
      code: 'precondition',
      message: 'A drill of Shop is under way, asked for by Sam Reyes.',
    });
    expect((await world.view()).refusal).toBe('A drill of Shop is under way, asked for by Sam Reyes.');
  });

  test.each<[string, () => Promise<unknown>, string, RegExp]>([
    [
      'no scratch server',
      () => world.ask({}, world.config({ scratch: undefined })),
      'precondition',
      /no scratch server to restore Shop on/,
    ],
    [
      'no copy that was read in full',
      async () => {
        await world.db.$executeRaw`UPDATE backup_copy SET level = 2`;
        return world.ask();
      },
      'precondition',
      /No copy of Shop was read in full yet/,
    ],
    [
      'a copy that is not good',
      async () => {
        const newer = await world.make();
        return world.ask({ copy: newer.id });
      },
      'precondition',
      /This copy is not good/,
    ],
    [
      'a copy that is marked for deletion',
      async () => {
        await good();
        await world.db
          .$executeRaw`UPDATE backup_copy SET state = 'tombstoned', delete_after = app.now() WHERE id = ${copy.id}::uuid`;
        return world.ask({ copy: copy.id });
      },
      'precondition',
      /marked for deletion/,
    ],
    ['a copy of nobody', () => world.ask({ copy: crypto.randomUUID() }), 'not-found', /has no such copy/],
  ])('%s is refused with its reason', async (_, ask, code, says) => {
    await expect(ask()).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
    expect(await drills()).toEqual([]);
  });
});

describe('a schedule', () => {
  const scheduled = (): Config => world.config({ drill: { cron: '30 * * * *' } });
  const due = async () => {
    await requestDueDrills(world.copier(scheduled()));
    return drills();
  };

  test('asks at its moment, once among workers, for a copy that stands at level 2 or above', async () => {
    expect(await due()).toEqual([]);
    await world.hour();
    await Promise.all([due(), due()]);
    expect(await due()).toEqual([
      expect.objectContaining({ cause: 'schedule', state: 'wanted', copyId: copy.id, requestedByName: null }),
    ]);
    await world.carryOut(scheduled());
    expect(await due()).toEqual([expect.objectContaining({ state: 'done' })]);
    await world.hour();
    expect(await due()).toHaveLength(2);
  });

  test('fails where there is nothing to restore, which is told, and tries again', async () => {
    await world.db.$executeRaw`UPDATE backup_copy SET level = 1`;
    await due();
    await world.hour();
    const [failed] = await due();
    expect(failed).toMatchObject({ state: 'failed', copyId: null, isFaultOfCopy: false });
    expect(failed?.sentence).toMatch(/No copy stands at level 2/);
    expect((await world.audit()).at(-1)).toMatchObject({ action: 'backup.drill_failed' });
    expect(await due()).toHaveLength(1);
    await world.db.$executeRaw`UPDATE backup_copy SET level = 4`;
    await shiftTime(world.database.url, 601_000);
    expect((await due()).map(({ state }) => state)).toEqual(['failed', 'wanted']);
  });
});

test('a copy that is rehearsed is neither marked nor deleted meanwhile', async () => {
  const config = world.config({ retention: { daily: 1, weekly: 0, monthly: 0, grace: '1s' } });
  const [shop] = config.databases;
  if (shop?.backup === undefined) throw new Error('The test has no copies.');
  const place = {
    db: world.db,
    database: { ...shop, backup: shop.backup },
    actor: { kind: 'worker', id: 'w1' },
  } as const;
  // The two newest verified ones stay, so that the first one leaves.
  for (let n = 0; n < 3; n += 1) await good();
  const line = async () => {
    const { databases } = await retentionView(config, 'production', world.sre, world.db);
    return databases[0]?.lines.find((one) => one.copy === copy.id);
  };
  const state = async () => (await world.db.backupCopy.findUniqueOrThrow({ where: { id: copy.id } })).state;
  expect(await line()).toMatchObject({ fate: 'leaves' });
  await world.ask({ copy: copy.id });
  expect(await line()).toMatchObject({ fate: 'stays', reason: 'pinned: a drill restores it' });
  const [stored] = (await readCopies(world.db, 'shop')).filter(({ id }) => id === copy.id);
  if (stored === undefined) throw new Error('The copy is gone.');
  // Also by a run that had read before the drill was asked for.
  expect(await markCopies(place, [stored], new Map(), null)).toBe(0);
  await world.db
    .$executeRaw`UPDATE backup_copy SET state = 'tombstoned', delete_after = app.now() - interval '1 h' WHERE id = ${copy.id}::uuid`;
  expect(await deleteCopies(place, [stored], new Map())).toBe(0);
  expect(world.files()).toContain(copy.object);
  await runRetention(world.db, place.database, place.actor, await worldClock());
  expect(await state()).toBe('kept');
});

/** The worker's clock goes with that of the database, which the tests shift. */
async function worldClock(): Promise<() => Date> {
  const [row] = await world.db.$queryRaw<{ at: Date }[]>`SELECT app.now() AS at`;
  const offMs = (row?.at.getTime() ?? 0) - Date.now();
  return () => new Date(Date.now() + offMs);
}

test('what a crash left is dropped where it is ours with certainty, and what others work with stays', async () => {
  const { backup } = world.config().databases[0] ?? {};
  if (backup?.scratch === undefined) throw new Error('The test has no scratch server.');
  const target = readTarget(backup.scratch, 'the test');
  const ours = ownedBy(await installationId(world.db));
  const theirs = ownedBy(crypto.randomUUID());
  const gone = crypto.randomUUID();
  const probe = '00000000-0000-0000-0000-000000000000';
  const soon = new Date(Date.now() + 3_600_000);
  const drill = await world.ask();
  await world.db
    .$executeRaw`UPDATE restore_run SET state = 'running', lease_owner = 'w', lease_until = app.now() + interval '1 min',
    started_at = app.now(), database_name = 'x' WHERE id = ${drill.drill}::uuid`;
  const left: [string, string | null][] = [
    [scratchName(gone), ours],
    [drillName(gone), ours],
    [scratchName(probe), expiringAt(new Date(Date.now() - 60_000))],
  ];
  const kept: [string, string | null][] = [
    [scratchName(gone), theirs],
    [scratchName(copy.id), theirs],
    [scratchName(gone), null],
    [scratchName(probe), expiringAt(soon)],
    [drillName(drill.drill), ours],
  ];
  for (const [name, mark] of [...left, ...kept]) await createScratch(target, name, mark);
  expect(await dropLeftovers(world.copier())).toBe(left.length);
  expect(await world.scratches()).toEqual(kept.map(([name]) => name).toSorted());
  for (const [name] of kept) await world.admin.query(`DROP DATABASE "${name}"`);
});
