import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isAlive, waitUntilGone } from './alive';

test('what a killed starter left behind is stopped', async () => {
  const reaper = path.join(import.meta.dirname, 'reaper.ts');
  const starter = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      `import { spawn } from 'node:child_process';
       const { watchOver } = await import(${JSON.stringify(reaper)});
       const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
       watchOver(-child.pid, 'SIGTERM');
       console.log(child.pid);
       setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const left = await new Promise<number>((resolve) =>
    starter.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))),
  );
  expect(isAlive(left)).toBe(true);
  starter.kill('SIGKILL');
  expect(await waitUntilGone(left, 20_000)).toBe(true);
});
