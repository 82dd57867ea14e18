import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Writable } from 'node:stream';

let input: Writable | undefined;

/** Starts the reaper once per process, in a session of its own so that Ctrl-C in the terminal passes it by. */
function reaper(): Writable {
  if (input) return input;
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'guardian.mjs')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
    env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
  });
  child.unref();
  // The pipe must not keep this process alive: its end is the signal that the reaper waits for.
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  child.stdin.on('error', () => {});
  input = child.stdin;
  return input;
}

/** Has `pid` (negative: its process group) signalled when this process ends without `forget`. */
export function watchOver(pid: number, signal: NodeJS.Signals): void {
  reaper().write(`+ ${pid} ${signal}\n`);
}

/** Takes `pid` off the list again: it ended, or was stopped in order. */
export function forget(pid: number): void {
  input?.write(`- ${pid}\n`);
}
