import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isAlive, waitUntilGone } from './alive';
import { startChild, waitForReady } from './child';
import { freePort } from './port';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'signalbox-child-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const start = (name: string, script: string) =>
  startChild({
    name,
    command: process.execPath,
    args: ['-e', script],
    logFile: path.join(folder, `${name}.log`),
  });

test('a child that is ready is waited for, and stop ends it with what it started', async () => {
  const port = await freePort();
  const child = start(
    'parent',
    `const { spawn } = require('node:child_process');
     console.log('grandchild ' + spawn('sleep', ['600']).pid);
     require('node:http').createServer((_, res) => res.end('ok')).listen(${port}, '127.0.0.1');`,
  );
  await waitForReady(child, `http://127.0.0.1:${port}/`, 20_000);
  let grandchild = 0;
  await child.waitForLine((line) => {
    grandchild = Number(/^grandchild (\d+)/.exec(line)?.[1] ?? 0);
    return grandchild > 0;
  });
  expect(isAlive(grandchild)).toBe(true);
  await child.stop();
  expect(await child.exited).toBe('was ended by SIGTERM');
  expect(await waitUntilGone(grandchild, 5_000)).toBe(true);
});

test('a child that ignores SIGTERM is killed', async () => {
  const child = start(
    'deaf',
    `process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)`,
  );
  await child.waitForLine((line) => line === 'up');
  await child.stop(200);
  expect(await child.exited).toBe('was ended by SIGKILL');
});

test('a child that dies before it is ready is an error with its last lines', async () => {
  const child = start('dying', `console.error('no database here'); process.exit(3)`);
  await expect(waitForReady(child, `http://127.0.0.1:${await freePort()}/`, 20_000)).rejects.toThrow(
    /dying ended with code 3 while it started:\nno database here/,
  );
});
