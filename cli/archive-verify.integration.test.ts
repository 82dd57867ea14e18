import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ArchiveWorld, archiveWorld } from '@/lib/archive/testing/world';

const root = path.resolve(import.meta.dirname, '..');
let world: ArchiveWorld;
beforeAll(async () => {
  world = await archiveWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.clean());

type Ran = { code: number | null; out: string; err: string };
/** Without a database and without a configuration. */
function verify(...files: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const { DATABASE_URL: _, SIGNALBOX_CONFIG: __, ...env } = process.env;
    const args = [path.join(root, 'bin/signalbox.mjs'), 'archive', 'verify', ...files];
    const child = spawn(process.execPath, args, { cwd: root, env: { ...env, LOG_LEVEL: 'silent' } });
    const ran: Ran = { code: null, out: '', err: '' };
    child.stdout.on('data', (part) => {
      ran.out += part;
    });
    child.stderr.on('data', (part) => {
      ran.err += part;
    });
    child.on('close', (code) => resolve({ ...ran, code }));
  });
}
const at = (object: string) => path.join(world.folder, object);
const made = async () => {
  await world.log(3);
  await world.make();
  const [audit, configuration] = [await world.newest('audit'), await world.newest('configuration')];
  return { audit: at(audit.object), configuration: at(configuration.object) };
};

test('an archive that holds is told level by level, with 0', async () => {
  const { audit, configuration } = await made();
  const log = await verify(audit);
  expect([log.code, log.err]).toEqual([0, '']);
  expect(log.out).toMatch(/✓ L1 Stored.*\n✓ L2 Listed.*\n✓ L3 Read in full.*\n✓ L4 Proven/);
  expect(log.out).toMatch(/Entries 0 to 2; root over all up to there: [0-9a-f]{64}\nIt holds\.\n$/);
  const config = await verify(configuration);
  expect([config.code, config.err]).toEqual([0, '']);
  expect(config.out).toContain('✓ L4 Proven: Configuration is valid');
});

test('an entry that was altered is named, with 1, also where its hash and the marker were made to fit', async () => {
  const { audit } = await made();
  const lines = gunzipSync(fs.readFileSync(audit)).toString('utf8').split('\n');
  lines[2] = lines[2]?.replace('Entry 2', 'Entry 9') ?? '';
  fs.writeFileSync(audit, gzipSync(lines.join('\n')));
  expect((await verify(audit)).err).toMatch(/✗ L1 Stored: SHA-256: is /);
  fs.rmSync(`${audit}.json`);
  const found = await verify(audit);
  expect([found.code, found.err]).toEqual([
    1,
    '✗ L3 Read in full: The text of entry 1 does not fit its hash.\nIt does not hold.\n',
  ]);
  expect(found.out).toContain('! no .json beside it');
});

test('archives that do not join are told, and those that do form one chain', async () => {
  const first = (await made()).audit;
  await world.day();
  const second = (await made()).audit;
  await world.day();
  const third = (await made()).audit;
  const whole = await verify(third, first, second);
  expect([whole.code, whole.err]).toEqual([0, '']);
  expect(whole.out).toContain('3 archives of the audit log form one chain.');
  const gap = await verify(first, third);
  expect(gap.code).toBe(1);
  expect(gap.err).toMatch(/does not join the one that ends with entry 2: one is missing between them/);
  expect((await verify(third)).out).toMatch(/! entries before \d+ are in older archives/);
});

test('what is no archive, or is not there, is a sentence and 1; nothing at all is 2', async () => {
  const odd = path.join(world.root, 'odd.tar.gz');
  fs.writeFileSync(odd, 'plain text');
  expect(await verify(odd)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/is no archive: it cannot be unpacked/),
  });
  fs.writeFileSync(odd, gzipSync('a text that is no tar'));
  expect(await verify(odd)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/✗ L2 Listed: The tar ends in the middle/),
  });
  expect(await verify(path.join(world.root, 'none.gz'))).toMatchObject({
    code: 1,
    err: expect.stringMatching(/none\.gz cannot be read/),
  });
  expect((await verify()).code).toBe(2);
});
