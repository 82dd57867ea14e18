import { spawn } from 'node:child_process';
import { repositoryRoot } from '../setup/root';
import { forget, watchOver } from './reaper';

export type RunResult = { code: number; output: string };

/**
 * Runs a command to its end and returns its exit code and what it printed (both streams, in order). It runs in the
 * folder of the clone, in a group of its own that is stopped with this process. 127: it could not be started.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: {
    env?: Record<string, string>;
    cwd?: string;
    timeoutMs?: number;
    onOutput?: (chunk: string) => void;
  } = {},
): Promise<RunResult> {
  const child = spawn(command, args, {
    cwd: options.cwd ?? repositoryRoot,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const group = child.pid === undefined ? undefined : -child.pid;
  if (group !== undefined) watchOver(group, 'SIGTERM');
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
    options.onOutput?.(chunk.toString());
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  let timer: NodeJS.Timeout | undefined;
  if (options.timeoutMs !== undefined && group !== undefined) {
    timer = setTimeout(() => {
      output += `\n${command} was stopped after ${options.timeoutMs} ms.\n`;
      process.kill(group, 'SIGKILL');
    }, options.timeoutMs);
  }
  const code = await new Promise<number>((resolve) => {
    child.once('error', (error) => {
      output += error.message;
      resolve(127);
    });
    child.once('close', (exitCode) => resolve(exitCode ?? 1));
  });
  clearTimeout(timer);
  if (group !== undefined) forget(group);
  return { code, output };
}
