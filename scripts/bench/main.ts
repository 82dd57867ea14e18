import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { program } from '../setup/program';
import { repositoryRoot } from '../setup/root';
import { typescript } from '../setup/typescript';
import { UserError } from '../setup/user-error';

const folder = path.join(repositoryRoot, 'bench');

/** The measurements there are: the files of bench/ that can be named on the command line. */
function names(): string[] {
  if (!fs.existsSync(folder)) return [];
  const files = fs.readdirSync(folder).filter((file) => /^[a-z][a-z0-9-]*\.ts$/.test(file));
  return files.map((file) => path.basename(file, '.ts')).filter((name) => !name.endsWith('.test'));
}

/** `npm run bench -- NAME [options]` runs bench/NAME.ts with the options and ends with its exit code. */
await program(async ([name, ...args]) => {
  if (name === undefined || !names().includes(name)) {
    throw new UserError(
      `Usage: npm run bench -- NAME [--json]\nMeasurements: ${names().join(', ') || 'none yet'}`,
    );
  }
  const child = spawn(process.execPath, [...typescript(`bench/${name}.ts`), ...args], { stdio: 'inherit' });
  // Ctrl-C reaches the measurement by itself; it stops what it started and ends.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
});
