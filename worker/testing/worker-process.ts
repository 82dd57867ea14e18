import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach } from 'vitest';
import { bundledProgram } from '@/scripts/testing/program';
import { until, type World } from './world';

const root = path.join(import.meta.dirname, '../..');
const installed = bundledProgram('worker/main.ts');
const children: ChildProcess[] = [];

/** Kills the workers that a test has left behind, before the world is taken away from them. */
export const killAfterEach = (): void =>
  afterEach(async () => {
    await Promise.all(children.splice(0).map(killProcess));
  });

/** The worker as it is started in production, in a process of its own; resolves once it beats. */
export async function startProcess(world: World): Promise<ChildProcess> {
  const file = path.join(world.folder, 'signalbox.yaml');
  await writeFile(file, JSON.stringify(world.configInput));
  const child = spawn(process.execPath, installed(), {
    cwd: root,
    env: {
      ...process.env,
      SIGNALBOX_CONFIG: file,
      DATABASE_URL: world.url,
      SIGNALBOX_WORKER_PORT: '0',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  children.push(child);
  await until(
    'the worker beats',
    async () => (await world.db.worker.count({ where: { pid: child.pid ?? 0 } })) === 1,
  );
  return child;
}

/** kill -9, and its end. */
export async function killProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
