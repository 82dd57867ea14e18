import path from 'node:path';
import { type Child, startChild, waitForReady } from '../process/child';
import { repositoryRoot } from '../setup/root';

const READY_TIMEOUT_MS = 90_000;

/** What web and worker have in common. */
export type ConsoleEnvironment = {
  configFile: string;
  databaseUrl: string;
  secret: string;
  webUrl: string;
  logs: string;
  extra?: Record<string, string>;
};

const shared = (environment: ConsoleEnvironment): Record<string, string> => ({
  NODE_ENV: 'production',
  SIGNALBOX_CONFIG: environment.configFile,
  DATABASE_URL: environment.databaseUrl,
  NEXTAUTH_URL: environment.webUrl,
  NEXTAUTH_SECRET: environment.secret,
  ...environment.extra,
});

/** The built web process, ready for requests. */
export async function startWeb(environment: ConsoleEnvironment, port: number): Promise<Child> {
  const child = startChild({
    name: 'web',
    command: process.execPath,
    args: [path.join(repositoryRoot, '.next/standalone/server.js')],
    env: { ...shared(environment), PORT: String(port), HOSTNAME: '127.0.0.1' },
    logFile: path.join(environment.logs, 'web.log'),
  });
  return ready(child, `http://127.0.0.1:${port}/ready`);
}

/** The built worker, ready to claim changes. */
export async function startWorker(environment: ConsoleEnvironment, port: number): Promise<Child> {
  const child = startChild({
    name: 'worker',
    command: process.execPath,
    args: ['--enable-source-maps', path.join(repositoryRoot, 'dist/worker.mjs')],
    env: { ...shared(environment), SIGNALBOX_WORKER_HOST: '127.0.0.1', SIGNALBOX_WORKER_PORT: String(port) },
    logFile: path.join(environment.logs, 'worker.log'),
  });
  return ready(child, `http://127.0.0.1:${port}/ready`);
}

async function ready(child: Child, url: string): Promise<Child> {
  try {
    await waitForReady(child, url, READY_TIMEOUT_MS);
    return child;
  } catch (error) {
    await child.stop();
    throw error;
  }
}
