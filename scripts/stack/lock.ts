import fs from 'node:fs';
import path from 'node:path';
import { commandLine, isAlive } from '../process/alive';
import { stateRoot } from '../setup/root';
import { UserError } from '../setup/user-error';

/** Lets one process at a time run the stack of this name. Returns how to give it back. */
export function lockStack(name: string): () => void {
  const file = path.join(stateRoot, `${name}.pid`);
  fs.mkdirSync(stateRoot, { recursive: true });
  const other = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0;
  if (other > 0 && other !== process.pid && isAlive(other) && isOurs(other)) {
    throw new UserError(
      `It is already running here, as process ${other}. Nothing was started.`,
      `Use that one, or stop it first (Ctrl-C in its terminal, or kill ${other}).`,
    );
  }
  fs.writeFileSync(file, String(process.pid));
  return () => fs.rmSync(file, { force: true });
}

/** Another program may have got the number of one of ours that was killed. */
function isOurs(pid: number): boolean {
  const line = commandLine(pid);
  return line === '' || /scripts\/\w+\/main\.ts|bench\/\w+\.ts|vitest|playwright/.test(line);
}
