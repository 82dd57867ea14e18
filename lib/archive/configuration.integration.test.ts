import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeDueArchives } from './make-archives';
import { ConfigurationManifest } from './manifest';
import { retainArchives } from './retain-archives';
import { type ArchiveWorld, archiveWorld } from './testing/world';
import { archiveDetail, archivesView } from './view';

let world: ArchiveWorld;
beforeAll(async () => {
  world = await archiveWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.clean());

const levels = async (id: string) => (await world.checksOf(id)).map(({ level, result }) => [level, result]);
const allPassed = [0, 1, 2, 3, 4].map((level) => [level, 'passed']);

describe('the configuration', () => {
  test('is archived byte for byte with its certificate, without its secrets, and proven', async () => {
    expect(await world.make()).toBe(1);
    await world.check();
    const row = await world.newest('configuration');
    expect(row).toMatchObject({ state: 'kept', level: 4, entries: 2n, leaseOwner: null });
    expect(await levels(row.id)).toEqual(allPassed);
    expect(world.files()).toEqual([row.object, `${row.object}.json`]);
    const target = path.join(world.root, 'unpacked');
    fs.mkdirSync(target, { recursive: true });
    execFileSync('tar', ['-xzf', path.join(world.folder, row.object), '-C', target]);
    expect(fs.readFileSync(path.join(target, 'signalbox.yaml'))).toEqual(fs.readFileSync(world.file));
    expect(fs.readdirSync(path.join(target, 'tls'))).toEqual(['ca.pem']);
    const manifest = ConfigurationManifest.parse(
      JSON.parse(fs.readFileSync(path.join(target, 'manifest.json'), 'utf8')),
    );
    expect(manifest.secrets).toEqual([
      path.join(world.root, 'chat.url'),
      path.join(world.root, 'kubeconfig.yaml'),
    ]);
    const bytes = gunzipSync(fs.readFileSync(path.join(world.folder, row.object)));
    expect(bytes.includes('hunter2')).toBe(false);
    await world.sequence();
    expect(await world.actions()).toEqual([
      'archive.kept archive:configuration ok',
      'archive.level_changed archive:configuration ok',
    ]);
  });

  test('that did not change makes no second file, and the run counts', async () => {
    await world.make();
    await world.check();
    const first = await world.newest('configuration');
    await world.shift(3600);
    expect(await makeDueArchives({ ...world.archiver(), source: world.archiver().source })).toBeGreaterThan(
      0,
    );
    const second = await world.newest('configuration');
    expect(second).toMatchObject({ state: 'unchanged', sameAs: first.id, bytes: null, error: null });
    expect(world.files()).toHaveLength(2);
    const { series } = await archivesView(world.archiver().config, world.db);
    expect(series[0]).toMatchObject({ kind: 'configuration', missed: null, kept: 1 });
    expect(series[0]?.lastRun).toMatchObject({ state: 'unchanged' });
    expect(series[0]?.newest).toMatchObject({ id: first.id, level: 4, isSpoilt: false });
  });

  test('that changed, or whose archive was lost or spoilt, is archived again', async () => {
    await world.make();
    await world.shift(3600);
    world.restart({ name: 'Another name' });
    await world.make();
    expect(await world.newest('configuration')).toMatchObject({ state: 'kept' });
    expect(world.files()).toHaveLength(4);
    const { object } = await world.newest('configuration');
    fs.rmSync(path.join(world.folder, object));
    await world.shift(3600);
    await world.make();
    const third = await world.newest('configuration');
    expect(third).toMatchObject({ state: 'kept' });
    fs.appendFileSync(path.join(world.folder, third.object), 'x');
    await world.check();
    await world.shift(3600);
    await world.make();
    expect(await world.newest('configuration')).toMatchObject({ state: 'kept' });
  });

  test('of the start is archived, not what lies in the file by now', async () => {
    const { bytes } = world.restart();
    fs.writeFileSync(world.file, 'version: 2\n');
    await world.make();
    const { object } = await world.newest('configuration');
    const tar = gunzipSync(fs.readFileSync(path.join(world.folder, object)));
    expect(tar.includes(bytes)).toBe(true);
    expect(tar.includes('version: 2')).toBe(false);
  });

  test('a certificate that lies in one file with its key is left out as a secret', async () => {
    const both = path.join(world.root, 'tls', 'both.pem');
    fs.writeFileSync(both, `-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE ${'KEY-----'}\nshhh\n`);
    world.restart({
      sources: { prometheus: [{ id: 'metrics', url: 'http://127.0.0.1:9', caFile: 'tls/both.pem' }] },
    });
    await world.make();
    await world.check();
    const row = await world.newest('configuration');
    expect(row).toMatchObject({ state: 'kept', level: 4, entries: 1n });
    expect((await archiveDetail(row.id, world.db)).secrets).toContain(both);
    expect(gunzipSync(fs.readFileSync(path.join(world.folder, row.object))).includes('shhh')).toBe(false);
  });

  test('a certificate that is not there fails the run, which says which and leaves nothing', async () => {
    world.restart({
      sources: { prometheus: [{ id: 'metrics', url: 'http://127.0.0.1:9', caFile: 'gone.pem' }] },
    });
    await world.make();
    const row = await world.newest('configuration');
    expect(row.state).toBe('failed');
    expect(row.error).toMatch(/gone\.pem, which signalbox\.yaml names, cannot be read\. Without it/);
    expect(world.files()).toEqual([]);
  });

  test('goes 90 days after another one took its place, and the log keeps all of its own', async () => {
    await world.log(1);
    await world.make();
    const first = await world.newest('configuration');
    await world.shift(3600);
    world.restart({ name: 'Another name' });
    await world.make();
    await world.check();
    const clock = async () =>
      new Date((await world.db.$queryRaw<{ at: Date }[]>`SELECT app.now() AS at`)[0]?.at ?? 0);
    await world.shift(89 * 86_400);
    const early = await clock();
    expect(await retainArchives(world.archiver(), () => early)).toBe(0);
    await world.shift(2 * 86_400);
    // A worker whose clock is elsewhere deletes nothing.
    expect(await retainArchives(world.archiver(), () => early)).toBe(0);
    const late = await clock();
    expect(await retainArchives(world.archiver(), () => late)).toBe(1);
    expect(await world.db.archive.findUniqueOrThrow({ where: { id: first.id } })).toMatchObject({
      state: 'deleted',
      deletedAt: expect.any(Date),
    });
    expect(world.files()).not.toContain(first.object);
    expect(await world.db.archive.count({ where: { kind: 'audit', state: 'kept' } })).toBe(1);
    expect(await retainArchives(world.archiver(), () => late)).toBe(0);
  });
});
