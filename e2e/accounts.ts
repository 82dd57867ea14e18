import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { stack } from './stack';

const root = path.join(import.meta.dirname, '..');

/** Runs the command line of the console on the stack, as an operator of the image does: it is built like the stack. */
async function signalbox(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/cli.mjs', ...args], {
    cwd: root,
    env: {
      ...process.env,
      SIGNALBOX_CONFIG: stack().configFile,
      DATABASE_URL: stack().databaseUrl,
      SIGNALBOX_PASSWORD: stack().password,
    },
  });
  return stdout;
}

/** A new account with the stack's password, so that a journey can spoil it; gives its e-mail address. */
export async function accountWith(roles: readonly string[]): Promise<string> {
  const email = `journey-${randomUUID().slice(0, 8)}@demo.example`;
  const granted = roles.flatMap((role) => ['--role', role]);
  await signalbox(
    'users',
    'add',
    email,
    '--name',
    'Juno',
    ...granted,
    '--password-env',
    'SIGNALBOX_PASSWORD',
  );
  return email;
}

export const endSessions = (email: string) => signalbox('users', 'sessions', email, '--kill');
export const revokeRole = (email: string, role: string) =>
  signalbox('users', 'role', email, '--revoke', role);
export const grantRole = (email: string, role: string) => signalbox('users', 'role', email, '--grant', role);

/** One statement on the console's database, past the console. */
export async function sql(text: string, ...values: string[]): Promise<void> {
  const client = new Client({ connectionString: stack().databaseUrl });
  await client.connect();
  try {
    await client.query(text, values);
  } finally {
    await client.end();
  }
}
