import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Config } from '@/lib/config/schema';
import { checkBackups } from './check-setup';
import { type BackupWorld, backupWorld, password } from './testing/world';

let world: BackupWorld;
beforeAll(async () => {
  world = await backupWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.clean());

const lines = async (config: Config) =>
  (await checkBackups(config)).map(({ state, subject, says }) => `${state} ${subject}: ${says}`);

test('an install that can copy says with what, and leaves nothing behind', async () => {
  expect(await lines(world.config())).toEqual([
    expect.stringMatching(
      /^ok Copies of shop: PostgreSQL 15\.\d+, dumped by pg_dump 15\.\d+ in .*reads everything\.$/,
    ),
    `ok Copies of shop: the folder ${world.folder} can be written to.`,
    expect.stringMatching(/^ok Copies of shop: PostgreSQL 15\.\d+ as scratch server: a database was made/),
  ]);
  expect(fs.existsSync(world.folder)).toBe(false);
  const left = await world.admin.query(`SELECT FROM pg_database WHERE datname LIKE 'signalbox_scratch%'`);
  expect(left.rowCount).toBe(0);
});

test('each thing that is wrong is named with what to do', async () => {
  await world.admin.query(`DROP ROLE IF EXISTS blind; CREATE ROLE blind LOGIN PASSWORD '${password}'`);
  const blind = new URL(world.source);
  blind.username = 'blind';
  const config = world.config({
    url: world.secret('blind.url', blind.toString()),
    folder: path.join(world.root, 'missing', 'copies'),
    scratch: world.secret('blind-scratch.url', blind.toString()),
  });
  expect(await lines(config)).toEqual([
    expect.stringMatching(/^wrong .*the account blind may not read \d+ tables or sequences\.$/),
    expect.stringMatching(/^wrong .*copies is not there\. Check that it is mounted/),
    expect.stringMatching(/^wrong .*permission denied to create database\.$/),
  ]);
  expect(fs.existsSync(path.join(world.root, 'missing'))).toBe(false);
});

test('tools that are missing, and what is not configured', async () => {
  const [tools, folder, ...notes] = await lines(
    world.config({ scratch: undefined, schedule: undefined }, { tools: world.root }),
  );
  expect(tools).toMatch(/^wrong .*are not all in .*Install the client tools of PostgreSQL 15 or later/);
  expect(folder).toMatch(/^ok/);
  expect(notes).toEqual([
    'note Copies of shop: no scratch server: no copy is proven by a restore.',
    'note Copies of shop: no schedule: no copy is made by itself.',
  ]);
});
