import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../setup/root';
import { UserError } from '../setup/user-error';
import { waitUntilGone } from './alive';
import { forget, watchOver } from './reaper';

const TAIL_LINES = 12;
const TAIL_WIDTH = 300;
const READY_POLL_MS = 200;

export type ChildOptions = {
  /** How people know it: `web`, `worker`. */
  name: string;
  command: string;
  args: readonly string[];
  env?: Record<string, string>;
  /** Both output streams are appended here. */
  logFile: string;
};

export type Child = {
  name: string;
  pid: number;
  /** How it ended, as a sentence's end: `ended with code 1`, `was ended by SIGKILL`. */
  exited: Promise<string>;
  /** The last lines it wrote. */
  tail: () => string;
  /** Gives each line that it writes, from its first one, to `accept` once, until that returns true. */
  waitForLine: (accept: (line: string) => boolean) => Promise<void>;
  kill: (signal: NodeJS.Signals) => void;
  /** SIGTERM to its group, SIGKILL after `graceMs`. */
  stop: (graceMs?: number) => Promise<void>;
};

/**
 * Starts a long-running program in a group of its own: Ctrl-C in the terminal passes it by, `stop` ends it with all
 * that it started, and it never outlives this process (reaper.ts).
 */
export function startChild(options: ChildOptions): Child {
  fs.mkdirSync(path.dirname(options.logFile), { recursive: true });
  const log = fs.openSync(options.logFile, 'a', 0o600);
  const startsAt = fs.fstatSync(log).size;
  const child = spawn(options.command, options.args, {
    cwd: repositoryRoot,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  fs.closeSync(log);
  const pid = child.pid;
  let ended: string | undefined;
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) =>
      resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`),
    );
  }).then((text) => {
    ended = text;
    return text;
  });
  if (pid === undefined) throw new UserError(`${options.name} could not be started: ${options.command}`);
  watchOver(-pid, 'SIGTERM');
  void exited.then(() => forget(-pid));
  const kill = (signal: NodeJS.Signals) => signalGroup(pid, signal);
  const tail = () => shorten(readFrom(options.logFile, startsAt));
  return {
    name: options.name,
    pid,
    exited,
    tail,
    kill,
    waitForLine: async (accept) => {
      let seen = 0;
      const next = () => {
        const lines = readFrom(options.logFile, startsAt).split('\n').slice(seen, -1);
        seen += lines.length;
        return lines.some(accept);
      };
      while (!next()) {
        if (ended) throw new UserError(`${options.name} ${ended} while it started:\n${tail()}`);
        await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
      }
    },
    stop: async (graceMs = 15_000) => {
      kill('SIGTERM');
      if (await waitUntilGone(pid, graceMs)) kill('SIGTERM');
      else kill('SIGKILL');
      await exited;
    },
  };
}

/** The last lines, none longer than a few rows of a terminal. */
function shorten(text: string): string {
  const lines = text.trimEnd().split('\n').slice(-TAIL_LINES);
  return lines.map((line) => (line.length > TAIL_WIDTH ? `${line.slice(0, TAIL_WIDTH)} …` : line)).join('\n');
}

/** What is left of a group when its leader is gone gets the signal too. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}

function readFrom(file: string, position: number): string {
  const log = fs.openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(Math.max(0, fs.fstatSync(log).size - position));
    fs.readSync(log, buffer, 0, buffer.length, position);
    return buffer.toString();
  } finally {
    fs.closeSync(log);
  }
}

/** Resolves when `url` answers 200. Throws UserError when the child ends before, or `timeoutMs` pass. */
export async function waitForReady(child: Child, url: string, timeoutMs: number): Promise<void> {
  let ended: string | undefined;
  void child.exited.then((text) => {
    ended = text;
  });
  const deadline = performance.now() + timeoutMs;
  let last = 'no answer';
  while (performance.now() < deadline) {
    if (ended) throw new UserError(`${child.name} ${ended} while it started:\n${child.tail()}`);
    last = await probe(url);
    if (last === '') return;
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
  throw new UserError(
    `${child.name} was not ready after ${Math.round(timeoutMs / 1000)} s: ${url} said ${last}\n${child.tail()}`,
  );
}

/** '' when the URL answers 200, else what it said. */
async function probe(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'manual' });
    const text = (await response.text()).slice(0, 500);
    return response.status === 200 ? '' : `${response.status} ${text}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
    return `${error instanceof Error ? error.message : String(error)} ${cause}`.trim();
  }
}
