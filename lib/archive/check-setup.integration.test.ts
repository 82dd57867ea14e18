import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkArchiving } from './check-setup';
import { type ArchiveWorld, archiveWorld } from './testing/world';

let world: ArchiveWorld;
beforeAll(async () => {
  world = await archiveWorld();
});
afterAll(() => world.stop());

test('what can be archived is told, and nothing stays behind', async () => {
  expect(await checkArchiving(world.restart())).toEqual([
    { state: 'ok', subject: 'Archives', says: `the folder ${world.folder} can be written to.` },
    { state: 'ok', subject: 'Archives', says: 'the configuration is 2 files; 2 secrets are left out.' },
  ]);
  expect(fs.existsSync(world.folder)).toBe(false);
});

test('a folder that cannot be used, and a file that is not there, are wrong', async () => {
  const sources = { prometheus: [{ id: 'metrics', url: 'http://127.0.0.1:9', caFile: 'gone.pem' }] };
  const findings = await checkArchiving(world.restart({ sources }, { folder: path.join('not', 'there') }));
  expect(findings.map(({ state }) => state)).toEqual(['wrong', 'wrong']);
  expect(findings[0]?.says).toMatch(/is not there\. Check that it is mounted/);
  expect(findings[1]?.says).toMatch(/gone\.pem, which signalbox\.yaml names, cannot be read\. Without it/);
});

test('no part in signalbox.yaml is said', async () => {
  const { config, ...source } = world.restart();
  const { archives: _, ...without } = config;
  const [note] = await checkArchiving({ ...source, config: without });
  expect(note).toMatchObject({ state: 'note', says: expect.stringContaining('archived nowhere') });
});
