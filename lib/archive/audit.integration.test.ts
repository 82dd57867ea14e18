import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeDueArchives } from './make-archives';
import { AuditManifest } from './manifest';
import { type ArchiveWorld, archiveWorld } from './testing/world';
import { archivesView } from './view';

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
