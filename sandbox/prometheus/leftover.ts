import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';

/**
 * Ends the program that a killed run left behind: the one whose pid is in `pidFile`, if it still runs with
 * `mark` among its arguments. A number that has gone to another program is left alone.
 */
export async function endLeftover(pidFile: string, mark: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(await readFile(pidFile, 'utf8'));
  if (Number.isInteger(pid) && pid > 1 && (await commandOf(pid)).includes(mark)) {
    process.kill(pid, 'SIGTERM');
    for (let tries = 0; tries < 100 && (await commandOf(pid)).includes(mark); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if ((await commandOf(pid)).includes(mark)) process.kill(pid, 'SIGKILL');
  }
  await rm(pidFile, { force: true });
}

/** The command line of a running process; empty when there is none (or no /proc). */
async function commandOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}
