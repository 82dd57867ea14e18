import fs from 'node:fs';
import { env } from '@/lib/core/env';
import { messageOf } from '@/lib/core/errors';
import { type readArguments, readSeconds, UsageError } from './command';
import { Console } from './console';

const PATIENCE_MS = 300_000;

/** What all commands of pipelines take. */
export const talkOptions = {
  'token-file': { type: 'string' },
  timeout: { type: 'string', default: '2h' },
  interval: { type: 'string', default: '5s' },
  json: { type: 'boolean' },
} as const;
export type TalkValues = ReturnType<typeof readArguments<typeof talkOptions>>['values'];

/** The console of a command, where its lines go, and a signal that an interrupt raises. */
export type Talk = {
  console: Console;
  say: (line: string) => void;
  /** The one line of standard output with --json. */
  result: (value: object) => void;
  timeoutSeconds: number;
  intervalSeconds: number;
  signal: AbortSignal;
  close: () => void;
};

/** Throws UsageError without an address or a token. Neither is taken from the arguments, which others can read. */
export function openTalk(values: TalkValues, usage: string): Talk {
  const json = values.json === true;
  const say = (line: string) => process[json ? 'stderr' : 'stdout'].write(`${line}\n`);
  const base = readUrl(usage);
  if (base.protocol === 'http:' && !isLoopback(base.hostname))
    process.stderr.write(`SIGNALBOX_URL is not https: the token travels to ${base.host} in clear.\n`);
  const timeoutSeconds = readSeconds(values.timeout, '--timeout', usage);
  const intervalSeconds = readSeconds(values.interval, '--interval', usage);
  const interrupt = new AbortController();
  // Stays until the end: a second signal must not end the process before it has said that the change goes on.
  const stop = () => interrupt.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  return {
    console: new Console(base, readToken(values['token-file'], usage), {
      onTrouble: say,
      // One request is not tried for longer than the whole command is to wait.
      patienceMs: Math.min(PATIENCE_MS, timeoutSeconds * 1000),
    }),
    say,
    result: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
    },
    timeoutSeconds,
    intervalSeconds,
    signal: interrupt.signal,
    close: () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
    },
  };
}

function readUrl(usage: string): URL {
  const text = env().SIGNALBOX_URL ?? '';
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new UsageError(
    text === ''
      ? 'SIGNALBOX_URL is not set.'
      : 'SIGNALBOX_URL is not an address such as https://ops.example.com.',
    usage,
  );
}

function readToken(file: string | undefined, usage: string): string {
  if (file === undefined) {
    const token = (env().SIGNALBOX_TOKEN ?? '').trim();
    if (token !== '') return token;
    throw new UsageError('There is no token: set SIGNALBOX_TOKEN or give --token-file.', usage);
  }
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`The token file cannot be read: ${messageOf(error)}.`, usage);
  }
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
