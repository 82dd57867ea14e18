import fs from 'node:fs';
import path from 'node:path';
import { commandLine, isAlive, waitUntilGone } from '../process/alive';
import { UserError } from '../setup/user-error';

/** In the data folder: the id of the process that started the server. */
export const OWNER_FILE = 'signalbox.owner';

function readNumber(file: string): number | undefined {
  try {
    const value = Number.parseInt(fs.readFileSync(file, 'utf8'), 10);
    return Number.isInteger(value) && value > 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Clears what an earlier server left in the data folder. A pid file whose process is gone, or is another program
 * that got the same number, is removed. A server still running whose starter is gone is stopped in order.
 * One whose starter lives is in use: UserError.
 */
export async function clearLeftover(data: string): Promise<void> {
  const pidFile = path.join(data, 'postmaster.pid');
  const pid = readNumber(pidFile);
  if (pid === undefined) return;
  if (!isAlive(pid) || !isServerOf(pid, data)) {
    fs.rmSync(pidFile, { force: true });
    return;
  }
  const owner = readNumber(path.join(data, OWNER_FILE));
  if (owner !== undefined && isAlive(owner)) {
    throw new UserError(
      `The PostgreSQL in ${data} is already running (process ${pid}, started by process ${owner}).`,
      `Stop process ${owner} first (Ctrl-C in its terminal, or kill ${owner}).`,
    );
  }
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    process.kill(pid, signal);
    if (await waitUntilGone(pid, 20_000)) return;
  }
  throw new UserError(
    `A PostgreSQL left over from an earlier run (process ${pid}) does not stop.`,
    `kill -9 ${pid}`,
  );
}

/** Without /proc the command line is unknown: then PostgreSQL itself decides by its lock. */
function isServerOf(pid: number, data: string): boolean {
  const line = commandLine(pid);
  return line === '' || line.includes(`-D ${data} `) || line.endsWith(`-D ${data}`);
}
