import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

export type Run = { child: ChildProcess; out: string; err: string; ended: Promise<number | null> };

/** The command as a pipeline has it: an address and a token, and nothing of the install. */
export function runCommand(
  program: readonly string[],
  args: readonly string[],
  { url, token }: { url: string; token: string },
): Run {
  const { DATABASE_URL: _, SIGNALBOX_CONFIG: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [...program, ...args], {
    cwd: root,
    env: { ...inherited, SIGNALBOX_URL: url, SIGNALBOX_TOKEN: token },
  });
  const run: Run = { child, out: '', err: '', ended: new Promise((resolve) => child.on('close', resolve)) };
  child.stdout.on('data', (part) => {
    run.out += part;
  });
  child.stderr.on('data', (part) => {
    run.err += part;
  });
  return run;
}
