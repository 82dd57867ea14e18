import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { endLeftover } from './leftover';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'leftover-'));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

async function sleeper(mark: string) {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)', mark], { stdio: 'ignore' });
  await new Promise((resolve) => child.once('spawn', resolve));
  const pidFile = path.join(dir, 'pid');
  await writeFile(pidFile, String(child.pid));
  return { child, pidFile };
}

test('a program of an earlier run is ended', async () => {
  const { child, pidFile } = await sleeper(dir);
  const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  await endLeftover(pidFile, dir);
  expect(await ended).toBe('SIGTERM');
  expect(existsSync(pidFile)).toBe(false);
});

test('a stranger with the same number is left alone', async () => {
  const { child, pidFile } = await sleeper('stranger');
  await endLeftover(pidFile, dir);
  expect(child.exitCode ?? child.signalCode).toBe(null);
  child.kill('SIGKILL');
});

test('without a file there is nothing to do', async () => {
  await expect(endLeftover(path.join(dir, 'none'), dir)).resolves.toBeUndefined();
});
