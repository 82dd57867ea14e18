import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeDueArchives } from './make-archives';
import { AuditManifest, ConfigurationManifest } from './manifest';
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
const linesOf = (object: string) =>
  gunzipSync(fs.readFileSync(path.join(world.folder, object)))
    .toString('utf8')
    .trimEnd()
    .split('\n');

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

describe('the audit log', () => {
  test('is archived as lines that anybody can read, link by link of one chain', async () => {
    await world.log(3);
    await world.make();
    await world.check();
    const first = await world.newest('audit');
    expect(first).toMatchObject({ state: 'kept', level: 4, entries: 3n });
    expect(await levels(first.id)).toEqual(allPassed);
    await world.day();
    await world.log(2);
    await world.make();
    await world.check();
    const second = await world.newest('audit');
    expect(second).toMatchObject({ state: 'kept', level: 4 });
    const manifests = [first, second].map(({ content }) => AuditManifest.parse(content));
    expect(manifests[1]?.before).toEqual(manifests[0]?.after);
    expect(manifests[1]?.first).toBe(3);
    const lines = linesOf(second.object).map((line) => JSON.parse(line));
    expect(lines[0]).toEqual(manifests[1]);
    expect(lines.slice(1).map(({ seq }) => seq)).toEqual(
      Array.from({ length: Number(second.entries) }, (_, n) => 3 + n),
    );
    expect(lines.at(-1).entry.details.title).toMatch(/"quoted", ümlaut, line\nbreak/);
    const row = await world.db.auditEntry.findFirstOrThrow({ orderBy: { seq: 'desc' } });
    expect(lines.at(-1).leaf).toBe(Buffer.from(row.leaf).toString('hex'));
    const { series } = await archivesView(world.archiver().config, world.db);
    expect(series[1]).toMatchObject({ kept: 2, entries: 3 + Number(second.entries), missed: null });
  });

  test('without an entry is not archived, and without a new one makes no second file', async () => {
    await makeDueArchives({ ...world.archiver(), source: () => null });
    expect(await world.db.archive.count()).toBe(0);
    await world.log(1);
    const alone = { ...world.archiver(), source: () => null };
    await makeDueArchives(alone);
    await world.day();
    await makeDueArchives(alone);
    // The entry about the archive itself waits to be sequenced: nothing is new in the log.
    expect(await world.newest('audit')).toMatchObject({ state: 'unchanged' });
  });

  test('keeps the text of a row that is no entry', async () => {
    await world.log(1);
    const odd = 'not an entry, "at all"\n{}';
    await world.db
      .$executeRaw`INSERT INTO audit.staged (producer, boot_id, n, body) VALUES ('web', gen_random_uuid(), 0, ${odd})`;
    await world.sequence();
    await world.make();
    await world.check();
    const row = await world.newest('audit');
    expect(row).toMatchObject({ state: 'kept', level: 4, entries: 2n });
    expect(JSON.parse(linesOf(row.object)[2] ?? '')).toMatchObject({ seq: 1, text: odd });
  });

  test('that was cut after its archive is found at the next look, and no new link hides it', async () => {
    await world.log(5);
    await world.make();
    await world.check();
    const { id } = await world.newest('audit');
    await world.tamper('DELETE FROM audit.entry WHERE seq >= 3');
    await world.db.$executeRaw`UPDATE audit.head SET size = 3`;
    await world.day();
    await world.check();
    expect(await world.db.archive.findUniqueOrThrow({ where: { id } })).toMatchObject({ level: 3 });
    expect((await world.checksOf(id)).at(-1)).toMatchObject({
      level: 4,
      result: 'failed',
      sentence: 'Entries of the live log: is 3, and should be 5 or more.',
    });
    await world.make();
    const failed = await world.newest('audit');
    expect(failed.state).toBe('failed');
    expect(failed.error).toMatch(/^The audit log has 3 entries, and 5 are archived: it was cut, or restored/);
    expect(failed.error).toMatch(/name another folder under archives/);
  });

  test('whose entry was replaced together with its hash is found by the archive', async () => {
    await world.log(4);
    await world.make();
    await world.check();
    const { id } = await world.newest('audit');
    await world.tamper(`UPDATE audit.entry SET leaf = decode(repeat('ab', 32), 'hex') WHERE seq = 2`);
    await world.day();
    await world.check();
    expect((await world.checksOf(id)).at(-1)).toMatchObject({
      result: 'failed',
      sentence: 'First entry that the live log has otherwise: is entry 2, and should be none.',
    });
  });

  test('that does not verify is not archived', async () => {
    await world.log(3);
    await world.tamper(`UPDATE audit.entry SET body = replace(body, 'Entry', 'Other') WHERE seq = 1`);
    await world.make();
    const row = await world.newest('audit');
    expect(row.state).toBe('failed');
    expect(row.error).toMatch(
      /^The text of entry 1 of the audit log does not fit its hash\. Run npx signalbox audit verify/,
    );
    expect(world.files().filter((name) => name.includes('audit'))).toEqual([]);
  });

  test('begins a new chain in another folder', async () => {
    await world.log(3);
    await world.make();
    world.restart({}, { folder: 'others' });
    await world.day();
    await world.make();
    await world.check();
    const row = await world.newest('audit');
    expect(row).toMatchObject({ state: 'kept', level: 4 });
    expect(AuditManifest.parse(row.content)).toMatchObject({ first: 0 });
    fs.rmSync(path.join(world.root, 'others'), { recursive: true });
  });
});

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
