import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { migrate } from '../migrate/apply';
import { dataFolder, type PostgresVersion } from '../postgres/placement';
import { type RunningPostgres, startPostgres } from '../postgres/server';
import { isAlive } from '../process/alive';
import { freePort } from '../process/port';
import { stateRoot } from '../setup/root';
import { makeShiftable } from './time';

const TEMPLATE = 'signalbox_template';
const VARIABLE = 'SIGNALBOX_TEST_SERVER';
const TestServer = z.object({ adminUrl: z.string(), template: z.string(), version: z.number() });
export type TestServer = z.infer<typeof TestServer>;

/** The version that the integration tests run on: SIGNALBOX_TEST_POSTGRES, 18 when unset. */
export const testPostgresVersion = (): PostgresVersion =>
  process.env['SIGNALBOX_TEST_POSTGRES'] === '15' ? 15 : 18;

/**
 * Starts the server that all test files of one run share, with a migrated template database, and tells the
 * test processes about it through the environment. Its data is removed when it stops.
 */
export async function startTestServer(version: PostgresVersion): Promise<RunningPostgres> {
  const folder = path.join(stateRoot, 'test');
  // Tests keep other things there too, wherever the data of a server lies.
  fs.mkdirSync(folder, { recursive: true });
  removeAbandoned(folder);
  const server = await startPostgres({
    version,
    dataDir: path.join(folder, `postgres-${version}-of-${process.pid}`),
    port: await freePort(),
    databases: [TEMPLATE],
    durable: false,
  });
  const stop = async () => {
    await server.stop();
    fs.rmSync(server.dataDir, { recursive: true, force: true });
  };
  try {
    await migrate(server.url);
    await makeShiftable(server.url);
  } catch (error) {
    await stop();
    throw error;
  }
  const told: TestServer = { adminUrl: server.urlOf('postgres'), template: TEMPLATE, version };
  process.env[VARIABLE] = JSON.stringify(told);
  return { ...server, stop };
}

/** What the global set-up of the run started. Throws when it did not. */
export function testServer(): TestServer {
  const told = process.env[VARIABLE];
  if (!told) {
    throw new Error(
      'No test database server: run integration tests through `npx vitest run --project integration` (scripts/testing/global-setup.ts starts one).',
    );
  }
  return TestServer.parse(JSON.parse(told));
}

/** Data folders of tests that ended without cleaning up; the number in the name is the process that made it. */
function removeAbandoned(folder: string): void {
  const parent = path.dirname(dataFolder(path.join(folder, 'any')));
  if (!fs.existsSync(parent)) return;
  for (const name of fs.readdirSync(parent)) {
    const pid = /-(?:of|of-[a-z]+|away)-(\d+)(?:\D|$)/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) fs.rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}
