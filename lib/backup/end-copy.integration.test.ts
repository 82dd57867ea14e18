import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { shiftTime } from '@/scripts/testing/database';
import { makeDueCopies } from './make-copy';
import { knownObjects } from './retention/store';
import { type BackupWorld, backupWorld, until } from './testing/world';

let world: BackupWorld;
beforeAll(async () => {
  world = await backupWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.clean());

describe('a copy that was finished while the database of the console was away', () => {
  const refuse = () =>
    world.db.$executeRaw`ALTER TABLE backup_check ADD CONSTRAINT away CHECK (false) NOT VALID`;
  const allow = () => world.db.$executeRaw`ALTER TABLE backup_check DROP CONSTRAINT IF EXISTS away`;
  afterEach(allow);
  const finished = () =>
    until(async () => world.files().filter((name) => name.endsWith('.json')).length === 1);

  test('is written down as soon as it is back', async () => {
    await refuse();
    const making = makeDueCopies(world.copier());
    await finished();
    await allow();
    await making;
    expect(await world.newest()).toMatchObject({ state: 'kept', level: 0 });
  });

  test('is taken over when its worker is gone, and climbs like any other', async () => {
    await refuse();
    const stopping = new AbortController();
    const making = makeDueCopies(world.copier(world.config(), 'w1', stopping.signal));
    await finished();
    stopping.abort();
    await expect(making).rejects.toThrow();
    const { id, object } = await world.newest();
    await allow();
    await shiftTime(world.database.url, 21_000);
    expect(await world.clear()).toBe(1);
    expect(world.files()).toContain(object);
    await world.check();
    expect(await world.db.backupCopy.findUniqueOrThrow({ where: { id } })).toMatchObject({
      state: 'kept',
      level: 4,
    });
  });
});

test('what a failed copy left is removed as soon as its folder is there again', async () => {
  const { id, object } = await world.make(world.config({ minBytes: 100_000_000 }));
  const away = `${world.folder}-away`;
  fs.writeFileSync(path.join(world.folder, object), 'left behind');
  fs.renameSync(world.folder, away);
  const deletedAt = async () => (await world.db.backupCopy.findUniqueOrThrow({ where: { id } })).deletedAt;
  await world.clear();
  expect(await deletedAt()).toBe(null);
  // Until then retention tells of the file.
  expect([...(await knownObjects(world.db, [object]))]).toEqual([]);
  fs.renameSync(away, world.folder);
  await world.clear();
  expect(world.files()).toEqual([]);
  expect(await deletedAt()).not.toBe(null);
});
