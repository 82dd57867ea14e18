import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { migrate } from '@/scripts/migrate/apply';
import { type RunningPostgres, startPostgres } from '@/scripts/postgres/server';
import { freePort } from '@/scripts/process/port';
import { stateRoot } from '@/scripts/setup/root';
import { testPostgresVersion } from '@/scripts/testing/server';

/** A PostgreSQL of one test, whose data may be lost: stopped, started again, and put back to an older copy. */
export async function ownPostgres() {
  const options = {
    version: testPostgresVersion(),
    dataDir: path.join(stateRoot, 'test', `postgres-of-faults-${process.pid}`),
    port: await freePort(),
    databases: ['faults'],
    durable: false,
  } as const satisfies Parameters<typeof startPostgres>[0];
  let server: RunningPostgres = await startPostgres(options);
  const { url, dataDir } = server;
  const copy = `${dataDir}-copy`;
  await migrate(url);
  const stop = () => server.stop();
  const start = async () => {
    server = await startPostgres(options);
  };
  return {
    url,
    stop,
    start,
    /** Keeps what the data are now; the server is stopped meanwhile. */
    keepCopy: async () => {
      await stop();
      // With owners and rights: the server runs as another user where it must.
      execFileSync('cp', ['-a', dataDir, copy]);
      await start();
    },
    /** The server goes on with the copy: everything since is lost. */
    loseTail: async () => {
      await stop();
      fs.rmSync(dataDir, { recursive: true, force: true });
      execFileSync('cp', ['-a', copy, dataDir]);
      await start();
    },
    end: async () => {
      await stop();
      for (const folder of [dataDir, copy]) fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type OwnPostgres = Awaited<ReturnType<typeof ownPostgres>>;
