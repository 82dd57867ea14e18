import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { shiftTime } from '@/scripts/testing/database';
import { Catalog } from './catalog';
import { dropLeftovers, scratchName } from './scratch';
import { type BackupWorld, backupWorld, password } from './testing/world';

let world: BackupWorld;
beforeAll(async () => {
  world = await backupWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.clean());

const results = async (copy: string) =>
  (await world.checksOf(copy)).map(({ level, result }) => `L${level} ${result}`);
const sentence = async (copy: string) => (await world.checksOf(copy)).at(-1)?.sentence;
const days = (count: number) => shiftTime(world.database.url, count * 86_400_000);
const fileOf = (object: string) => path.join(world.folder, object);
const scratches = async () =>
  (await world.admin.query(`SELECT datname FROM pg_database WHERE datname LIKE 'signalbox_scratch%'`))
    .rowCount;

test('a copy is made on schedule, climbs to a restore, and all of it is on record', async () => {
  const copy = await world.proven();
  expect(copy).toMatchObject({
    state: 'kept',
    level: 4,
    serverVersion: expect.stringMatching(/^15\./),
    leaseOwner: null,
  });
  expect(world.files()).toEqual([copy.object, `${copy.object}.json`]);
  const marker = z
    .object({ sha256: z.string(), bytes: z.number() })
    .parse(JSON.parse(fs.readFileSync(fileOf(`${copy.object}.json`), 'utf8')));
  expect(marker).toEqual({ sha256: copy.sha256, bytes: fs.statSync(fileOf(copy.object)).size });
  expect(fs.statSync(fileOf(copy.object)).mode & 0o077).toBe(0);
  const checks = await world.checksOf(copy.id);
  expect(checks.map(({ level, result }) => [level, result])).toEqual(
    [0, 1, 2, 3, 4].map((l) => [l, 'passed']),
  );
  expect(checks.every(({ evidence, toolVersion }) => evidence.length > 0 && toolVersion !== '')).toBe(true);
  const catalog = Catalog.parse(copy.catalog);
  expect(catalog.rows.map(({ table, rows }) => [table, rows])).toEqual(
    expect.arrayContaining([
      ['order line', 20_000],
      ['customer', 200],
      ['event_2026', 2000],
    ]),
  );
  expect(checks[4]?.evidence).toContainEqual(
    expect.objectContaining({
      what: 'Constraints that are not valid',
      found: 'sales.order line.later',
      isRight: true,
    }),
  );
  expect((await world.audit()).map(({ action, details }) => [action, details['level']])).toEqual([
    ['backup.started', undefined],
    ['backup.kept', 0],
    ['backup.level_changed', 4],
  ]);
  expect(copy.log).toContain('dumping contents of table');
  expect(copy.log).not.toContain(password);
  expect(await scratches()).toBe(0);
});

test('without a scratch server a copy is read in full, and not said to be proven', async () => {
  const copy = await world.proven(world.config({ scratch: undefined }));
  expect(copy.level).toBe(3);
  expect(await results(copy.id)).toEqual(['L0 passed', 'L1 passed', 'L2 passed', 'L3 passed']);
});

test('fault 27: a dump that was cut before it was hashed has its list whole, and is caught when it is read in full', async () => {
  const { id, object } = await world.make();
  const file = fileOf(object);
  fs.truncateSync(file, Math.floor(fs.statSync(file).size * 0.6));
  // As if the dump had been that short from the start: its hash is right.
  const { createHash } = await import('node:crypto');
  const bytes = fs.readFileSync(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const marker = z.looseObject({}).parse(JSON.parse(fs.readFileSync(`${file}.json`, 'utf8')));
  fs.writeFileSync(`${file}.json`, JSON.stringify({ ...marker, sha256, bytes: bytes.length }));
  await world.db.backupCopy.update({ where: { id }, data: { sha256, bytes: bytes.length } });
  await world.check();
  expect(await results(id)).toEqual(['L0 passed', 'L1 passed', 'L2 passed', 'L3 failed']);
  expect((await world.newest()).level).toBe(2);
  expect(await sentence(id)).toMatch(/pg_restore ended with code 1/);
});

test('a copy that is spoilt from the start is on record, though it never rose', async () => {
  const { id, object } = await world.make();
  fs.appendFileSync(fileOf(object), 'x');
  await world.check();
  expect(await results(id)).toEqual(['L0 passed', 'L1 failed']);
  expect((await world.audit()).at(-1)).toMatchObject({
    action: 'backup.level_changed',
    result: 'failed',
    details: { levelBefore: 0, level: 0, sentence: expect.stringMatching(/^SHA-256: is/) },
  });
});

test('a copy that rots falls, which is on record, and the one before it is not touched', async () => {
  const older = await world.proven();
  const copy = await world.proven();
  const file = fileOf(copy.object);
  const bytes = fs.readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 50) ^ 1, bytes.length - 50);
  fs.writeFileSync(file, bytes);
  await days(1.1);
  expect(await world.check()).toBe(2);
  expect((await world.newest()).level).toBe(0);
  expect(await sentence(copy.id)).toMatch(/^SHA-256: is [0-9a-f]{64}, and should be /);
  expect((await world.audit()).at(-1)).toMatchObject({
    action: 'backup.level_changed',
    result: 'failed',
    details: { levelBefore: 4, level: 0 },
  });
  const untouched = await world.db.backupCopy.findUniqueOrThrow({ where: { id: older.id } });
  expect(untouched).toMatchObject({ state: 'kept', level: 4, sha256: older.sha256 });
});

test('when the newest copy rots, the one before it is looked at at once: a restore would take that one', async () => {
  const older = await world.proven();
  const newer = await world.proven();
  const copyNow = (id: string) => world.db.backupCopy.findUniqueOrThrow({ where: { id } });
  await days(1.1);
  await world.check();
  // A newer good one is there, so that nobody looks at it again.
  expect((await copyNow(older.id)).checkDueAt).toBe(null);
  for (const { object } of [older, newer]) fs.truncateSync(fileOf(object), 2000);
  await days(1.1);
  expect(await world.check()).toBe(2);
  expect([(await copyNow(newer.id)).level, (await copyNow(older.id)).level]).toEqual([0, 0]);
});

test('the newest copy is read again each day, and restored again only when the proof is old', async () => {
  const { id } = await world.proven();
  await days(1.1);
  expect(await world.check()).toBe(1);
  expect((await results(id)).slice(5)).toEqual(['L1 passed', 'L2 passed', 'L3 passed']);
  expect((await world.newest()).level).toBe(4);
  await days(6);
  await world.check();
  expect((await results(id)).slice(8)).toEqual(['L1 passed', 'L2 passed', 'L3 passed', 'L4 passed']);
});

test.each([
  ['a file that is gone', (object: string) => fs.rmSync(fileOf(object)), 'failed', 'The file is gone.', 0],
  [
    'a folder that is gone',
    () => fs.renameSync(world.folder, `${world.folder}-away`),
    'unknown',
    /folder cannot be read \(ENOENT\)/,
    0,
  ],
] as const)('%s', async (_, lose, result, says, level) => {
  const copy = await world.proven();
  lose(copy.object);
  await days(1.1);
  await world.check();
  fs.rmSync(`${world.folder}-away`, { recursive: true, force: true });
  expect((await results(copy.id)).at(-1)).toBe(`L1 ${result}`);
  expect(await sentence(copy.id)).toEqual(expect.stringMatching(says));
  expect((await world.newest()).level).toBe(level);
});

test('a restore with other rows than the catalog is no proof', async () => {
  const { id, catalog } = await world.make();
  const other = Catalog.parse(catalog);
  other.rows = other.rows.map((table) => (table.table === 'customer' ? { ...table, rows: 201 } : table));
  await world.db.backupCopy.update({ where: { id }, data: { catalog: other } });
  await world.check();
  expect((await results(id)).at(-1)).toBe('L4 failed');
  expect(await sentence(id)).toBe('Rows of sales.customer: is 200, and should be 201.');
  expect((await world.newest()).level).toBe(3);
  expect(await scratches()).toBe(0);
});

test('what the server says of rows is not kept', async () => {
  const row = 'ada@example.org';
  const script = `case "$*" in *--dbname*) printf '%s\\n' 'pg_restore: error: COPY failed for table "users": ERROR:  extra data' 'CONTEXT:  COPY users, line 3: "${row}' '${row}"' >&2; exit 1;; esac; exec $REAL "$@"`;
  const tools = world.toolsWith('pg_restore', script);
  const copy = await world.proven(world.config({}, { tools }));
  expect((await results(copy.id)).at(-1)).toBe('L4 failed');
  const kept = JSON.stringify((await world.checksOf(copy.id)).map(({ id: _, ...check }) => check));
  expect(kept).toContain('COPY failed for table');
  expect(kept).not.toContain(row);
});

test('a list with another table than the database had is no proof', async () => {
  const { id, catalog } = await world.make();
  const other = Catalog.parse(catalog);
  other.entries.push('TABLE sales lost signalbox');
  await world.db.backupCopy.update({ where: { id }, data: { catalog: other } });
  await world.check();
  expect((await results(id)).at(-1)).toBe('L2 failed');
  expect(await world.newest()).toMatchObject({ level: 1 });
});

test('a scratch server that cannot be used leaves unknown what it would show, and is asked again', async () => {
  const nowhere = world.secret('nowhere.url', 'postgresql://u:secret-word@127.0.0.1:9/postgres');
  const broken = world.config({ scratch: nowhere });
  const copy = await world.proven(broken);
  expect((await results(copy.id)).at(-1)).toBe('L4 unknown');
  expect(await sentence(copy.id)).toMatch(/scratch server cannot be used: .*ECONNREFUSED/);
  expect(await sentence(copy.id)).not.toContain('secret-word');
  expect(copy.level).toBe(3);
  await world.hour();
  await world.check();
  expect((await world.newest()).level).toBe(4);
});

test('a copy that cannot be looked at is unknown and holds up no other', async () => {
  const older = await world.make();
  const newer = await world.make();
  await world.db.backupCopy.update({ where: { id: newer.id }, data: { catalog: {} } });
  expect(await world.check()).toBe(2);
  expect((await results(older.id)).at(-1)).toBe('L4 passed');
  expect((await results(newer.id)).at(-1)).toBe('L1 unknown');
  expect(await sentence(newer.id)).toMatch(/^The look broke off: /);
  // Only an hour later is it asked again.
  expect(await world.check()).toBe(0);
  await world.hour();
  expect(await world.check()).toBe(1);
});

test('a secret that cannot be taken apart leaves a restore unknown, and is not repeated', async () => {
  const broken = world.secret('percent.url', 'postgresql://u:hunter2%@127.0.0.1:9/postgres');
  const copy = await world.proven(world.config({ scratch: broken }));
  expect(copy.level).toBe(3);
  expect((await results(copy.id)).at(-1)).toBe('L4 unknown');
  expect(await sentence(copy.id)).toMatch(/has a % in its password/);
  expect(await sentence(copy.id)).not.toContain('hunter2');
});

test('an account that may not use amcheck proves rows and no more', async () => {
  await world.admin.query(
    `DO $$ BEGIN CREATE ROLE maker LOGIN CREATEDB PASSWORD 'maker'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
  );
  const url = new URL(world.server.urlOf('postgres'));
  [url.username, url.password] = ['maker', 'maker'];
  const copy = await world.proven(world.config({ scratch: world.secret('maker.url', url.toString()) }));
  expect((await results(copy.id)).at(-1)).toBe('L4 unknown');
  expect(await sentence(copy.id)).toMatch(/rows are right, but pg_amcheck could not look/);
  expect(copy.level).toBe(3);
});

test('what a crash leaves on the scratch server is dropped when its worker is dead, and strangers stay', async () => {
  const { id } = await world.proven();
  const stranger = scratchName(crypto.randomUUID());
  const [ours, others] = [scratchName(id), 'signalbox_scratch_of_a_person'];
  for (const name of [ours, stranger, others]) await world.admin.query(`CREATE DATABASE "${name}"`);
  await world.db
    .$executeRaw`UPDATE backup_copy SET lease_owner = 'w9', lease_until = app.now() + interval '1 min'`;
  expect(await dropLeftovers(world.copier())).toBe(0);
  await shiftTime(world.database.url, 61_000);
  expect(await dropLeftovers(world.copier())).toBe(1);
  const left = await world.admin.query(
    `SELECT datname FROM pg_database WHERE datname LIKE 'signalbox_scratch%'`,
  );
  expect(left.rows.map(({ datname }) => datname).sort()).toEqual([stranger, others].sort());
  for (const name of [stranger, others]) await world.admin.query(`DROP DATABASE "${name}"`);
});

test('a size far off the usual one is said, and fails nothing', async () => {
  for (let n = 0; n < 3; n += 1) await world.make();
  await world.db.$executeRaw`UPDATE backup_copy SET bytes = bytes * 3`;
  const { id } = await world.make();
  await world.check();
  const stored = (await world.checksOf(id)).find(({ level }) => level === 1);
  expect(stored).toMatchObject({
    result: 'passed',
    sentence: expect.stringMatching(/size is unusual: −67 %/),
  });
});

test('a copy whose checker died is taken up by another worker when the lease is over', async () => {
  const { id } = await world.make();
  await world.db
    .$executeRaw`UPDATE backup_copy SET lease_owner = 'dead', lease_until = app.now() + interval '20 s'`;
  expect(await world.check()).toBe(0);
  await shiftTime(world.database.url, 21_000);
  expect(await world.check()).toBe(1);
  expect((await results(id)).at(-1)).toBe('L4 passed');
});
