import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { createToken, revokeToken } from '@/lib/access/tokens';
import { cancelChange } from '@/lib/change/cancel-change';
import { closeClusters } from '@/lib/sources/kubernetes/clusters';
import { bundledProgram } from '@/scripts/testing/program';
import { quick, requested, testWorld, until, type World } from '@/worker/testing/world';
import { type RunningWorker, startWorker } from '@/worker/worker';
import { type ConsoleServer, consoleServer, type Trouble } from './testing/console-server';
import { runCommand } from './testing/run-command';

const program = bundledProgram('cli/main.ts');
const operator = { kind: 'cli', id: 'test' } as const;
const cancelled = 'Enough of this, it is not needed any more.';

let world: World;
let worker: RunningWorker;
let server: ConsoleServer;
let token: string;
let trouble: (asked: string) => Trouble;

const tokenOf = async (name: string): Promise<string> => {
  const owner = world.people.sre.email;
  const input = { name, owner, scopes: ['read', 'plan'], roles: ['sre'], expiresSeconds: 3600 } as const;
  const made = { ...input, scopes: [...input.scopes], roles: [...input.roles] };
  return (await createToken({ db: world.db, actor: operator }, made)).text;
};

beforeAll(async () => {
  world = await testWorld(quick);
  const file = path.join(world.folder, 'signalbox.yaml');
  fs.writeFileSync(file, stringify(world.configInput));
  vi.stubEnv('DATABASE_URL', world.url);
  vi.stubEnv('SIGNALBOX_CONFIG', file);
  vi.stubEnv('LOG_LEVEL', 'warn');
  worker = await startWorker({ config: world.config, connectionString: world.url });
  token = await tokenOf('deploys');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await worker.stop();
  await closeClusters();
  await globalThis.signalboxAttempts?.end();
  await world.stop();
});
beforeEach(async () => {
  trouble = () => 'none';
  server = await consoleServer(0, (asked) => trouble(asked));
});
afterEach(() => server.stop());

const signalbox = (args: string[], as = token) => runCommand(program(), args, { url: server.url, token: as });
const wait = (id: string, timeout: string, ...more: string[]) => [
  'change',
  'wait',
  id,
  '--timeout',
  timeout,
  '--interval',
  '200ms',
  ...more,
];
const isLook = (asked: string) => asked.startsWith('GET /api/v1/changes/');
/** Answers the first look at a change and none after it. */
const awayAfterOneLook = () => {
  let looks = 0;
  return (asked: string): Trouble => {
    looks += isLook(asked) ? 1 : 0;
    return isLook(asked) && looks > 1 ? 'bad-gateway' : 'none';
  };
};
const cancel = (id: string) =>
  cancelChange({ actor: world.people.sre, config: world.config, id, reason: cancelled }, world.db);

test('a console that stays away until the time is over ends with 6, and the printed command goes on', async () => {
  const id = await requested(world, { kind: 'restart' });
  trouble = awayAfterOneLook();
  const run = signalbox(wait(id, '10s', '--json'));
  expect(await run.ended).toBe(6);
  expect(run.err).toContain(`How ${id} stands is not known. The console at ${server.url} does not answer:`);
  expect(run.err).toMatch(/The console is away since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\./);
  expect(run.err).toMatch(/Last known, at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: InReview\./);
  const result = JSON.parse(run.out);
  expect(result).toMatchObject({ id, state: 'InReview', ended: null, exitCode: 6, finishedAt: null });
  expect(Date.parse(result.awaySince)).toBeGreaterThanOrEqual(Date.parse(result.asOf));
  trouble = () => 'none';
  await cancel(id);
  const printed = /Go on waiting: npx signalbox (.+)/.exec(run.err)?.[1] ?? '';
  expect(printed).toBe(`change wait ${id}`);
  const again = signalbox(printed.split(' '));
  expect([await again.ended, again.out]).toEqual([4, expect.stringContaining(`${id} ended: Cancelled.`)]);
});

test('one that was never there ends with 6 too, and claims nothing', async () => {
  trouble = () => 'bad-gateway';
  const run = signalbox(wait('c-1', '1s', '--json'));
  expect(await run.ended).toBe(6);
  expect(run.err).toContain('It has not told this command how the change stands.');
  expect(JSON.parse(run.out)).toMatchObject({
    id: 'c-1',
    state: null,
    ended: null,
    sentence: null,
    asOf: null,
  });
});

test('one that comes back in time is as if it had never been away', async () => {
  const id = await requested(world, { kind: 'restart' });
  trouble = awayAfterOneLook();
  const run = signalbox(wait(id, '10m'));
  await until('the command misses the console', () => run.out.includes('The console does not answer'));
  await cancel(id);
  trouble = () => 'none';
  expect(await run.ended).toBe(4);
  expect(run.out).toContain('The console answers again.');
  expect(run.out).not.toContain('is not known');
});

test('a token that ends while it waits leaves the end unknown, and not failed', async () => {
  const id = await requested(world, { kind: 'restart' });
  const run = signalbox(wait(id, '10m'), await tokenOf('short'));
  await until('it waits', () => run.out.includes('Next:'));
  await revokeToken({ db: world.db, actor: operator }, 'short');
  expect(await run.ended).toBe(6);
  expect(run.out).toContain(`How ${id} stands is not known. This token was revoked.`);
  expect(run.out).not.toContain('is away since');
  await cancel(id);
});

test('a change that there is not is refused with 1: there is nothing to be unknown', async () => {
  const run = signalbox(wait('c-999999', '1s'));
  expect([await run.ended, run.out]).toEqual([1, '']);
});

test('a request whose answer never arrives ends with 6, and was carried out once', async () => {
  const before = await world.db.change.count();
  trouble = (asked) => (asked === 'POST /api/v1/changes' ? 'lost-answer' : 'none');
  const place = ['--environment', 'production', '--region', 'us-east-1'];
  const why = ['--reason', 'The new certificate has to be taken up.'];
  const run = signalbox([
    'change',
    'restart',
    'fraiseql-api',
    ...place,
    ...why,
    '--wait',
    '--timeout',
    '3s',
    '--json',
  ]);
  expect(await run.ended).toBe(6);
  expect(run.err).toContain('Whether the change was asked for is not known.');
  expect(run.err).toContain(`Look at ${server.url}/changes before asking again.`);
  expect(JSON.parse(run.out)).toMatchObject({ id: null, state: null, ended: null, exitCode: 6 });
  expect(await world.db.change.count()).toBe(before + 1);
});
