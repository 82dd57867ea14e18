import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../setup/user-error';
import type { Placement } from './placement';

export const SUPERUSER = 'signalbox';
const PASSWORD_FILE = 'signalbox.password';

/** The superuser's password, kept in the data folder that only the server's account may enter. */
export const readPassword = (data: string): string =>
  fs.readFileSync(path.join(data, PASSWORD_FILE), 'utf8').trim();

/**
 * Creates the database cluster when there is none. It is built beside its place and renamed at the end, so a
 * power cut never leaves half of one. Passwords are compared by SCRAM-SHA-256, for loopback too.
 */
export async function initialise(placement: Placement): Promise<void> {
  if (fs.existsSync(path.join(placement.data, 'PG_VERSION'))) return;
  if (fs.existsSync(placement.data) && fs.readdirSync(placement.data).length > 0) {
    throw new UserError(
      `The folder ${placement.data} is not empty and holds no PostgreSQL data.`,
      'Move its content away; nothing in it was touched.',
    );
  }
  const draft = `${placement.data}.new-${process.pid}`;
  const passwordFile = `${draft}.password`;
  fs.mkdirSync(path.dirname(draft), { recursive: true });
  fs.writeFileSync(passwordFile, `${crypto.randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (placement.account) fs.chownSync(passwordFile, placement.account.uid, placement.account.gid);
  try {
    await runInitdb(placement, draft, passwordFile);
    fs.renameSync(passwordFile, path.join(draft, PASSWORD_FILE));
    if (fs.existsSync(placement.data)) fs.rmdirSync(placement.data);
    fs.renameSync(draft, placement.data);
  } finally {
    fs.rmSync(passwordFile, { force: true });
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

async function runInitdb(placement: Placement, data: string, passwordFile: string): Promise<void> {
  const child = spawn(
    path.join(placement.program, 'bin', 'initdb'),
    [
      `--pgdata=${data}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--no-instructions',
    ],
    { ...placement.account, cwd: '/', env: serverEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) {
    throw new UserError(
      `PostgreSQL could not create its data folder ${data} (initdb ended with ${code}):\n${output.trim()}`,
      'Check free space and the rights of the folder above it.',
    );
  }
}

/** Nothing of the caller's PG* variables or locale may leak into the server. */
export const serverEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  NODE_ENV: 'production',
});
