import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { createToken } from '@/lib/access/tokens';
import { RevisionList } from '@/lib/change/contract';
import { closeClusters } from '@/lib/sources/kubernetes/clusters';
import { bundledProgram } from '@/scripts/testing/program';
import { change, quick, reaches, requested, signed, testWorld, type World } from '@/worker/testing/world';
import { type RunningWorker, startWorker } from '@/worker/worker';
import { type ConsoleServer, consoleServer } from './testing/console-server';

const installed = bundledProgram('cli/main.ts');
const place = ['--environment', 'production', '--region', 'us-east-1'];

let world: World;
let worker: RunningWorker;
let server: ConsoleServer;
let token: string;

beforeAll(async () => {
  world = await testWorld(quick);
  const file = path.join(world.folder, 'signalbox.yaml');
  fs.writeFileSync(file, stringify(world.configInput));
  vi.stubEnv('DATABASE_URL', world.url);
  vi.stubEnv('SIGNALBOX_CONFIG', file);
  vi.stubEnv('LOG_LEVEL', 'warn');
  worker = await startWorker({ config: world.config, connectionString: world.url });
  const { text } = await createToken(
    { db: world.db, actor: { kind: 'cli', id: 'test' } },
    {
      name: 'deploys',
      owner: world.people.sre.email,
      scopes: ['read', 'plan'],
      roles: ['sre'],
      expiresSeconds: 3600,
    },
  );
  token = text;
  server = await consoleServer(0, () => 'none');
});
afterAll(async () => {
  await server.stop();
  vi.unstubAllEnvs();
  await worker.stop();
  await closeClusters();
  await globalThis.signalboxAttempts?.end();
  await world.stop();
});

/** Asks for the plan as a pipeline does. */
async function toKnownGood(...more: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const args = ['change', 'rollback', 'fraiseql-api', '--last-known-good', ...place, '--plan-only', ...more];
  const { DATABASE_URL: _, SIGNALBOX_CONFIG: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [...installed(), ...args], {
    env: { ...inherited, SIGNALBOX_URL: server.url, SIGNALBOX_TOKEN: token },
  });
  const told = { out: '', err: '' };
  child.stdout.on('data', (part) => {
    told.out += part;
  });
  child.stderr.on('data', (part) => {
    told.err += part;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, ...told };
}

/** What the API says of the revisions: the last known good with its sentence, and each version with its grade. */
async function listed() {
  const query = 'environment=production&region=us-east-1';
  const answer = await fetch(`${server.url}/api/v1/services/fraiseql-api/revisions?${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { revisions, lastKnownGood } = RevisionList.parse(await answer.json());
  const all = revisions.state === 'missing' ? [] : revisions.value;
  const good = all.find(({ isLastKnownGood }) => isLastKnownGood);
  return {
    good: good === undefined ? null : [good.version, lastKnownGood?.sentence],
    grades: Object.fromEntries(all.map(({ version, grade }) => [version, grade])),
  };
}
/** The web's watch is some milliseconds behind the cluster. */
const lists = (version: string) =>
  vi.waitFor(async () => expect((await listed()).grades).toHaveProperty([version]), { timeout: 60_000 });

async function carriedOut(version: string, state: string): Promise<void> {
  const id = await requested(world, version);
  await signed(world, id);
  await reaches(world, id, 'Succeeded', 'BackedOut', 'Failed', 'Voided');
  expect((await change(world, id)).state).toBe(state);
}

test('the last known good is found by the record, the plan names it, and what was just put back is not gone back from', async () => {
  await carriedOut('2.0.0', 'Succeeded');
  const back = await toKnownGood();
  expect([back.code, back.err]).toEqual([0, '']);
  expect(back.out).toMatch(/by those of the last known good revision, fraiseql-api-\w+: 2\.0\.0 → 1\.8\.0/);
  expect(back.out).toContain('The revision is known to be good');
  expect(back.out).toContain('+ registry.example.com/fraiseql/fraiseql-api:1.8.0');
  await lists('2.0.0');
  expect(await listed()).toEqual({
    good: [
      '1.8.0',
      expect.stringMatching(/^The last known good is 1\.8\.0 \(its requests passed before c-1, /),
    ],
    grades: { '1.7.0': null, '1.8.0': 'good', '2.0.0': 'good' },
  });

  world.prometheus.set('2.1.0', { total: 300, failed: 90 });
  await carriedOut('2.1.0', 'BackedOut');
  const again = await toKnownGood();
  expect([again.code, again.err]).toEqual([
    1,
    expect.stringMatching(
      /^What runs now is the last known good, 2\.0\.0 .*: c-2 put it back\.\nTo go back further, choose a rev/,
    ),
  ]);
  await lists('2.1.0');
  expect(await listed()).toMatchObject({
    good: null,
    grades: { '1.8.0': 'good', '2.0.0': 'good', '2.1.0': 'went-back' },
  });
  const both = await toKnownGood('1.8.0');
  expect([both.code, both.err]).toEqual([2, expect.stringContaining('Expected 1 argument.')]);
});
