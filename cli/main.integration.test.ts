import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { bundledProgram } from '@/scripts/testing/program';

const root = path.resolve(import.meta.dirname, '..');
const installed = bundledProgram('cli/main.ts');
/** As a clone has it: its sources, through the file that people start. */
const clone = () => [path.join(root, 'bin/signalbox.mjs')];
let scratch: TestDatabase;
let empty: TestDatabase;
beforeAll(async () => {
  scratch = await testDatabase();
  empty = await testDatabase({ migrated: false });
});
afterAll(async () => {
  await scratch.drop();
  await empty.drop();
});

type Ran = { code: number | null; out: string; err: string };
function signalbox(
  args: string[],
  {
    input = '',
    env = {},
    program = installed,
  }: { input?: string; env?: Record<string, string>; program?: () => string[] } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...program(), ...args], {
      cwd: root,
      env: { ...process.env, DATABASE_URL: scratch.url, LOG_LEVEL: 'silent', ...env },
    });
    const ran: Ran = { code: null, out: '', err: '' };
    child.stdout.on('data', (part) => {
      ran.out += part;
    });
    child.stderr.on('data', (part) => {
      ran.err += part;
    });
    child.on('close', (code) => resolve({ ...ran, code }));
    child.stdin.end(input);
  });
}

test('help names every command, and a wrong one is told apart', async () => {
  const help = await signalbox([], { program: clone });
  expect(help.code).toBe(0);
  for (const name of [
    'config validate',
    'config check',
    'users add',
    'audit verify',
    'db migrate',
    'openapi',
  ])
    expect(help.out).toContain(`signalbox ${name}`);
  const wrong = await signalbox(['config', 'valdate'], { program: clone });
  expect([wrong.code, wrong.err]).toEqual([
    2,
    expect.stringContaining('There is no command config valdate.'),
  ]);
});

test('config validate prints one sentence, or each error with its place and 1', async () => {
  const good = await signalbox(['config', 'validate', 'signalbox.example.yaml']);
  expect(good).toEqual({ code: 0, out: 'Configuration is valid\n', err: '' });
  const bad = await signalbox(['config', 'validate', 'package.json']);
  expect(bad.code).toBe(1);
  expect(bad.err).toMatch(/^package\.json:\d+:\d+: /m);
  expect((await signalbox(['config', 'validate', 'nowhere.yaml'])).code).toBe(1);
  expect((await signalbox(['config', 'validate'])).code).toBe(2);
});

test('an account is made, listed, changed and recorded; its password never comes from the arguments', async () => {
  const password = 'correct horse battery';
  const argv = await signalbox(['users', 'add', 'ada@example.com', '--name', 'Ada', '--password', password]);
  expect([argv.code, argv.err]).toEqual([2, expect.stringContaining('--password')]);
  const added = await signalbox(['users', 'add', 'ada@example.com', '--name', 'Ada', '--role', 'sre'], {
    input: `${password}\n`,
  });
  expect([added.code, added.out]).toEqual([0, 'Added ada@example.com (sre).\n']);
  const again = await signalbox(['users', 'add', 'ada@example.com', '--name', 'Ada'], { input: password });
  expect([again.code, again.err]).toEqual([1, expect.stringContaining('already')]);
  const fromEnv = [
    'users',
    'add',
    'ada@example.com',
    '--name',
    'Ada',
    '--password-env',
    'GIVEN',
    '--if-absent',
  ];
  expect((await signalbox(fromEnv, { env: { GIVEN: password } })).code).toBe(0);
  const role = await signalbox(['users', 'role', 'ada@example.com', '--grant', 'cto']);
  expect(role.out).toBe('ada@example.com: granted cto.\n');
  expect((await signalbox(['users', 'role', 'ada@example.com', '--grant', 'king'])).err).toContain(
    'There is no role king.',
  );
  const nobody = await signalbox(['users', 'sessions', 'nobody@example.com']);
  expect([nobody.code, nobody.out]).toEqual([1, '']);
  expect(nobody.err).toContain('There is no account with the address nobody@example.com.');
  expect((await signalbox(['users', 'disable', 'ada@example.com'])).code).toBe(0);
  expect((await signalbox(['users', 'list'])).out).toMatch(
    /ada@example\.com +Ada +cto, sre +disabled +0 open/,
  );
  const verified = await signalbox(['audit', 'verify', '--sequence']);
  expect([verified.code, verified.out]).toEqual([0, 'The audit log verifies up to entry 3 (4 entries).\n']);
});

test('db status and migrate bring an empty database to this version, twice without harm', async () => {
  const env = { DATABASE_URL: empty.url };
  expect((await signalbox(['db', 'status'], { env })).code).toBe(1);
  expect((await signalbox(['db', 'migrate'], { env })).out).toMatch(/^Applied /);
  expect((await signalbox(['db', 'migrate'], { env })).out).toBe('The database is up to date.\n');
  expect((await signalbox(['db', 'status'], { env })).code).toBe(0);
});

test('a database that does not answer is a sentence and 1', async () => {
  const { code, err } = await signalbox(['users', 'list'], {
    env: { DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none' },
  });
  expect([code, err.split('\n')[0]]).toEqual([1, 'The database does not answer.']);
});

test('objectives go out as OpenSLO and come back as the block they were', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'signalbox-'));
  const documents = path.join(folder, 'slos.yaml');
  const exported = await signalbox(['slo', 'export', 'signalbox.example.yaml', '--environment', 'staging']);
  expect([exported.code, exported.out]).toEqual([0, expect.stringContaining('apiVersion: openslo/v1')]);
  expect(exported.err).toContain('fraiseql-api-latency: the queries are those of staging');
  fs.writeFileSync(documents, exported.out);
  const block = await signalbox(['slo', 'import', documents]);
  expect([block.code, block.err, block.out]).toEqual([0, '', expect.stringContaining('below: 300ms')]);
  const example = fs.readFileSync(path.join(root, 'signalbox.example.yaml'), 'utf8');
  const file = path.join(folder, 'signalbox.yaml');
  fs.writeFileSync(file, example.replace(/^slos:\n(?:[ #].*\n)+/m, block.out));
  expect(await signalbox(['config', 'validate', file])).toMatchObject({ code: 0, err: '' });

  fs.writeFileSync(documents, exported.out.replaceAll('Occurrences', 'RatioTimeslices'));
  const refused = await signalbox(['slo', 'import', documents]);
  expect([refused.code, refused.out]).toEqual([1, 'slos: []\n']);
  expect(refused.err).toContain('SLO fraiseql-api-latency: budgetingMethod RatioTimeslices');
  expect((await signalbox(['slo', 'import'])).code).toBe(2);
});

test('config check names what cannot be reached, source by source', async () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'signalbox-')), 'signalbox.yaml');
  const example = fs.readFileSync(path.join(root, 'signalbox.example.yaml'), 'utf8');
  fs.writeFileSync(
    file,
    example.replaceAll(/https:\/\/(prometheus|alertmanager|loki)\.example\.com/g, 'http://127.0.0.1:9'),
  );
  const { code, out } = await signalbox(['config', 'check', file], {
    env: { LOKI_PASSWORD: 'x' },
  });
  expect(code).toBe(1);
  expect(out).toMatch(/✗ Prometheus metrics: /);
  expect(out).toMatch(/✗ Registry registry\.example\.com: /);
  expect(out).toMatch(/✗ Cluster us-east-1, account of the worker: /);
  expect(out).toMatch(/✗ SLO fraiseql-api-latency in production, Prometheus metrics: cannot be checked: /);
  expect(out).toMatch(/\d+ of \d+ checks failed/);
});
