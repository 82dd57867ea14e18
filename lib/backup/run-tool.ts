import 'server-only';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { withoutSecrets } from '@/lib/audit/secrets';
import { formatDuration } from '@/lib/core/duration';
import { env } from '@/lib/core/env';
import { monotonicMs } from '@/lib/core/time';
import { withoutRows } from './tool-log';
import type { ToolName, Tools } from './tools';

export type ToolRun = {
  tools: Tools;
  name: ToolName;
  args: readonly string[];
  /** Of the tool alone: nothing of this process's environment is passed on but the PATH. */
  environment: Record<string, string>;
  timeoutSeconds: number;
  signal: AbortSignal;
};

export type ToolResult = {
  /** Null: it was ended by a signal. */
  code: number | null;
  stdout: string;
  /** What it said, its last 64 kB, without secrets and rows. */
  log: string;
  seconds: number;
  /** Why it did not end well, as a sentence; null when it did. */
  problem: string | null;
  /** It ended by itself, so what it says is its judgement: no time-out, no signal, no missing program. */
  isDecided: boolean;
};

const LOG_MAX = 65_536;
/** A table of contents of some hundred thousand entries. */
const STDOUT_MAX = 64 * 1024 * 1024;
const GRACE_MS = 5000;

/**
 * Runs a tool to its end, in a group of its own that ends with the signal or the time-out: first asked, then killed.
 * Never throws: a tool that cannot be started is a problem like any other.
 */
export function runTool({
  tools,
  name,
  args,
  environment,
  timeoutSeconds,
  signal,
}: ToolRun): Promise<ToolResult> {
  const startedMs = monotonicMs();
  const secrets = [environment['PGPASSWORD'] ?? ''].filter((secret) => secret !== '');
  const child = spawn(path.join(tools.folder, name), args, {
    env: { PATH: env().PATH, LC_ALL: 'C', NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let ended: 'time-out' | 'stopped' | undefined;
  let stdout = '';
  let log = '';
  let isCut = false;
  const [out, err] = [new StringDecoder('utf8'), new StringDecoder('utf8')];
  child.stdout.on('data', (bytes: Buffer) => {
    if (stdout.length < STDOUT_MAX) stdout += out.write(bytes);
  });
  child.stderr.on('data', (bytes: Buffer) => {
    const whole = log + err.write(bytes);
    isCut ||= whole.length > LOG_MAX;
    log = whole.slice(-LOG_MAX);
  });
  const kill = (how: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, how);
    } catch {
      // It has just ended by itself.
    }
  };
  let grace: NodeJS.Timeout | undefined;
  const end = (why: 'time-out' | 'stopped') => {
    ended ??= why;
    kill('SIGTERM');
    grace ??= setTimeout(() => kill('SIGKILL'), GRACE_MS);
  };
  const timer = setTimeout(() => end('time-out'), Math.min(timeoutSeconds * 1000, 2 ** 31 - 1));
  const stop = () => end('stopped');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return new Promise((resolve) => {
    const finish = (code: number | null, by: NodeJS.Signals | null, failure?: Error) => {
      clearTimeout(timer);
      clearTimeout(grace);
      signal.removeEventListener('abort', stop);
      const clean = withoutRows(redact(log, secrets), isCut);
      const said = failure === undefined ? clean : `${clean}${redact(failure.message, secrets)}\n`;
      resolve({
        code,
        stdout,
        log: said,
        seconds: (monotonicMs() - startedMs) / 1000,
        isDecided: code !== null && ended === undefined && failure === undefined,
        problem: problemOf({ name, code, by, ended, timeoutSeconds, log: said, failure }),
      });
    };
    child.once('error', (failure) => finish(null, null, failure));
    child.once('close', (code, by) => finish(code, by));
  });
}

/** Text of a tool without passwords: those that it was given, and what looks like one. */
export const redact = (text: string, secrets: readonly string[]): string =>
  withoutSecrets(secrets.reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text));

/** What tools say and what a person makes of it, in this order. */
const known: [RegExp, (found: RegExpExecArray, name: string) => string][] = [
  [/No space left on device|Disk quota exceeded/, () => 'The folder has no space left.'],
  [/password authentication failed/, () => 'The server refused the password of the account.'],
  [/no password supplied|fe_sendauth/, () => 'The server asks for a password, and the URL has none.'],
  [
    // pg_dump lets a LOCK TABLE wait under a statement_timeout, and sets none for anything else.
    /canceling statement due to (?:lock|statement) timeout/,
    () => 'A table was locked by somebody else for longer than backups.lockTimeout allows.',
  ],
  [
    /permission denied for (\w+ (?:"[^"]+"|[\w.]+))/,
    ([, what]) => `The account may not read everything: permission denied for ${what}.`,
  ],
  [/server version mismatch/, (_, name) => `${name} is older than the server and refuses to work with it.`],
  [/terminating connection|server closed the connection/, () => 'The server ended the session.'],
  [
    /Connection refused|could not connect|Connection timed out|timeout expired/,
    () => 'The server cannot be reached.',
  ],
];

/** What a tool's log says of its failure, in words; null where it says nothing that is known. */
export function knownProblem(name: string, log: string): string | null {
  for (const [pattern, sentence] of known) {
    const found = pattern.exec(log);
    if (found !== null) return sentence(found, name);
  }
  return null;
}

type Ending = {
  name: string;
  code: number | null;
  by: NodeJS.Signals | null;
  ended: 'time-out' | 'stopped' | undefined;
  timeoutSeconds: number;
  log: string;
  failure: Error | undefined;
};

function problemOf({ name, code, by, ended, timeoutSeconds, log, failure }: Ending): string | null {
  if (failure !== undefined) return `${name} could not be started.`;
  if (ended === 'time-out')
    return `${name} was stopped after its time-out of ${formatDuration(timeoutSeconds)}.`;
  if (ended === 'stopped') return `${name} was stopped with the worker.`;
  if (code === 0) return null;
  const sentence = knownProblem(name, log);
  if (sentence !== null) return sentence;
  if (by !== null) return `${name} was ended by ${by}.`;
  const line = log.split('\n').findLast((text) => /error|fatal/i.test(text)) ?? log.trim().split('\n').at(-1);
  return `${name} ended with code ${code}: ${(line ?? '').slice(0, 300)}`;
}
