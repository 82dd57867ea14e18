import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { createToken } from '@/lib/access/tokens';
import { changeId } from '@/lib/core/ids';
import { closeClusters } from '@/lib/sources/kubernetes/clusters';
import { bundledProgram } from '@/scripts/testing/program';
import { DATABASE, type DataWorld, dataWorld } from '@/worker/testing/data-world';
import { signed, until, type World } from '@/worker/testing/world';
import { type ConsoleServer, consoleServer } from './testing/console-server';
import { type Run, runCommand } from './testing/run-command';

const installed = bundledProgram('cli/main.ts');
const place = ['--environment', 'production', '--region', 'us-east-1', '--interval', '200ms'];
const why = ['--reason', 'The disk of this database is to be replaced.'];

let data: DataWorld;
let world: World;
let server: ConsoleServer;
let token: string;

beforeAll(async () => {
  data = await dataWorld();
  const given = { backup: { scratch: undefined } };
  const config = data.configOf(given);
  world = data.under(config);
  const file = path.join(world.folder, 'signalbox.yaml');
  fs.writeFileSync(file, stringify(data.inputOf(given)));
  vi.stubEnv('DATABASE_URL', world.url);
  vi.stubEnv('SIGNALBOX_CONFIG', file);
  vi.stubEnv('LOG_LEVEL', 'warn');
  const owner = world.people.sre.email;
  token = (
    await createToken(
      { db: world.db, actor: { kind: 'cli', id: 'test' } },
      { name: 'copies', owner, scopes: ['read', 'plan'], roles: ['sre'], expiresSeconds: 86_400 },
    )
  ).text;
  server = await consoleServer(0, () => 'none');
});
afterEach(() => data.clean());
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
  await closeClusters();
  await globalThis.signalboxAttempts?.end();
  await data.stop();
});

const signalbox = (args: string[]): Run => runCommand(installed(), args, { url: server.url, token });

/** Both leads sign what the command has asked for. */
async function leadsSign(): Promise<string> {
  const where = { state: 'InReview' };
  await until('the change is asked for', async () => (await world.db.change.count({ where })) === 1);
  const { number } = await world.db.change.findFirstOrThrow({ where });
  await signed(world, changeId(number));
  return changeId(number);
}

test('a copy that a pipeline asks for is planned, signed by people, made and proven, and ends with 0', async () => {
  await data.start(world.config);
  const run = signalbox(['change', 'backup', 'fraiseql-api', DATABASE, ...place, ...why, '--wait', '--json']);
  const id = await leadsSign();
  expect(await run.ended, run.err).toBe(0);
  expect(JSON.parse(run.out)).toMatchObject({ id, state: 'Succeeded', exitCode: 0 });
  expect(run.err).toContain('Makes one more copy of Shop');
  expect(await world.db.backupCopy.count({ where: { cause: 'change', state: 'kept' } })).toBe(1);
});

test('a copy of what is no database of the service ends with 1, and nothing is asked for', async () => {
  await data.start(world.config);
  const before = await world.db.change.count();
  const run = signalbox(['change', 'backup', 'fraiseql-api', 'other', ...place, ...why]);
  expect([await run.ended, run.err]).toEqual([
    1,
    expect.stringContaining('other is no database of fraiseql-api'),
  ]);
  expect(await world.db.change.count()).toBe(before);
});

test('a session that a pipeline names by number and start ends, and the one beside it does not', async () => {
  await data.start(world.config);
  const [one, other] = [await data.session('shop-report'), await data.session()];
  const named = ['change', 'end-session', 'fraiseql-api', DATABASE, String(one.pid)];
  const elsewhere = signalbox([...named, other.startedAt, ...place, '--plan-only']);
  expect([await elsewhere.ended, elsewhere.err]).toEqual([
    1,
    expect.stringContaining('another one has its number now'),
  ]);
  const plan = signalbox([...named, one.startedAt, ...place, '--plan-only', '--json']);
  expect(await plan.ended, plan.err).toBe(0);
  expect(JSON.parse(plan.out)).toMatchObject({ state: 'answered', blocked: null });
  expect(await data.isThere(one.pid)).toBe(true);
  const run = signalbox([...named, one.startedAt, ...place, ...why, '--wait']);
  const id = await leadsSign();
  expect(await run.ended, run.err).toBe(0);
  expect(run.out).toContain(`${id} ended: Succeeded.`);
  expect([await data.isThere(one.pid), await data.isThere(other.pid)]).toEqual([false, true]);
});
