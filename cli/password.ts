import fs from 'node:fs';
import readline from 'node:readline/promises';
import { Writable } from 'node:stream';
import { readSecret } from '@/lib/core/env';
import { OpsError } from '@/lib/core/errors';

export type PasswordSource = { file?: string | undefined; env?: string | undefined };

/**
 * A password from a file, an environment variable, the terminal (not shown) or the first line of standard input.
 * Never from the arguments: every process of the machine can read those.
 */
export async function readPassword({ file, env }: PasswordSource): Promise<string> {
  if (file !== undefined) return readSecret({ file });
  if (env !== undefined) return readSecret({ env });
  if (!process.stdin.isTTY) return (fs.readFileSync(0, 'utf8').split(/\r?\n/)[0] ?? '').trim();
  const first = await ask('Password: ');
  if (first !== (await ask('Again: '))) throw new OpsError('invalid', 'The two passwords differ.');
  return first;
}

async function ask(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = readline.createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
