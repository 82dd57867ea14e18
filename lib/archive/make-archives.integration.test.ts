import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeDueArchives } from './make-archives';
import { type ArchiveWorld, archiveWorld } from './testing/world';

let world: ArchiveWorld;
beforeAll(async () => {
  world = await archiveWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.clean());

describe('an archive that is damaged', () => {
  const damaged = async (kind: 'configuration' | 'audit', damage: (file: string) => void) => {
    await world.log(40);
    await world.make();
    await world.check();
    const { id, object } = await world.newest(kind);
    damage(path.join(world.folder, object));
    await world.day();
    await world.check();
    const row = await world.db.archive.findUniqueOrThrow({ where: { id } });
    return { row, last: (await world.checksOf(id)).at(-1) };
  };

  test.each(['configuration', 'audit'] as const)('by one byte of the %s loses its level', async (kind) => {
    const { row, last } = await damaged(kind, (file) => {
      const bytes = fs.readFileSync(file);
      const at = Math.floor(bytes.length / 2);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      fs.writeFileSync(file, bytes);
    });
    expect(row.level).toBe(0);
    expect(last).toMatchObject({ level: 1, result: 'failed' });
    expect(last?.sentence).toMatch(/^SHA-256: is /);
    await world.sequence();
    expect(await world.actions()).toContain(`archive.level_changed archive:${kind} failed`);
  });

  test('or gone is told, and a folder that is away is unknown', async () => {
    const { last } = await damaged('audit', (file) => fs.rmSync(file));
    expect(last).toMatchObject({ level: 1, result: 'failed', sentence: 'The file is gone.' });
    fs.renameSync(world.folder, `${world.folder}-away`);
    await world.day();
    await world.check();
    fs.renameSync(`${world.folder}-away`, world.folder);
    const { id } = await world.newest('audit');
    expect((await world.checksOf(id)).at(-1)).toMatchObject({ level: 1, result: 'unknown' });
  });
});

describe('workers', () => {
  test('of three one makes each archive', async () => {
    await world.log(1);
    const begun = await Promise.all(['a', 'b', 'c'].map((id) => makeDueArchives(world.archiver(id))));
    expect(begun.reduce((sum, one) => sum + one, 0)).toBe(2);
    expect(await world.db.archive.count({ where: { state: 'kept' } })).toBe(2);
  });

  test('that died leave an archive that is ended, and one that was finished is kept', async () => {
    await world.log(1);
    await world.make();
    const kept = await world.newest('audit');
    await world.db.$executeRaw`DELETE FROM archive_check`;
    await world.db
      .$executeRaw`UPDATE archive SET state = 'running', lease_owner = 'dead', lease_until = app.now() - interval '1 s',
      bytes = NULL, sha256 = NULL, entries = NULL, content = NULL, level = NULL WHERE kind = 'audit'`;
    const object = 'configuration-dead.tar.gz';
    await world.db.archive.updateMany({
      where: { kind: 'configuration' },
      data: { state: 'running', object, leaseOwner: 'dead', leaseUntil: new Date(0) },
    });
    fs.writeFileSync(path.join(world.folder, `.${object}.part`), 'half');
    expect(await world.clear()).toBe(2);
    expect(await world.newest('audit')).toMatchObject({
      state: 'kept',
      sha256: kept.sha256,
      entries: 1n,
      level: 0,
    });
    expect(await world.newest('configuration')).toMatchObject({
      state: 'failed',
      error: 'The worker dead gave no sign of life any more; the archive was not finished.',
    });
    expect(world.files().filter((name) => name.includes('dead'))).toEqual([]);
  });

  test('that are stopped leave nothing, and the run is made up for', async () => {
    await world.log(1);
    const stopping = new AbortController();
    const source = () => {
      stopping.abort();
      return world.archiver().source();
    };
    await makeDueArchives({ ...world.archiver('w1', stopping.signal), source });
    expect(world.files().filter((name) => name.includes('.part'))).toEqual([]);
    await world.shift(700);
    await world.make();
    expect(await world.newest('configuration')).toMatchObject({ state: 'kept' });
  });

  test('after a stop of days one run stands for all that were missed', async () => {
    await world.log(1);
    await world.make();
    await world.shift(5 * 86_400);
    await world.make();
    expect(await world.newest('audit')).toMatchObject({ cause: 'catch-up', missedSlots: 4 });
    expect(await world.db.archive.count({ where: { kind: 'audit' } })).toBe(2);
  });

  test('try a failed run again after a while, and a folder that is not there is told', async () => {
    world.restart({}, { folder: path.join('not', 'mounted') });
    await world.make();
    const row = await world.newest('configuration');
    expect(row).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/is not there\. Check that it is mounted/),
    });
    expect(await world.make()).toBe(0);
    await world.shift(700);
    world.restart();
    expect(await world.make()).toBe(1);
    expect(await world.newest('configuration')).toMatchObject({ state: 'kept', cause: 'catch-up' });
  });
});
