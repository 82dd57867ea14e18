import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';

/** A port that was free a moment ago: for servers that cannot choose one themselves. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string')
    throw new Error('No free port was found on 127.0.0.1.');
  return address.port;
}

/** A server program that this process started and ends again. */
export class ServerProcess {
  readonly #name: string;
  readonly #child: ChildProcess;
  #output = '';
  #exit: string | null = null;

  constructor(name: string, binary: string, args: readonly string[], cwd?: string) {
    this.#name = name;
    this.#child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'], ...(cwd ? { cwd } : {}) });
    const keep = (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-4000);
    };
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
    this.#child.on('error', (error) => {
      this.#exit = `${binary} could not be started: ${error.message}`;
    });
    this.#child.on('exit', (code, signal) => {
      this.#exit ??= `${name} ended by itself (${signal ?? `code ${code}`}): ${this.#output.trim().split('\n').at(-1) ?? ''}`;
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves when `url` answers 200; rejects with the program's last words when it ends or time is up. */
  async waitFor(url: string, seconds: number): Promise<void> {
    const until = Date.now() + seconds * 1000;
    while (Date.now() < until) {
      if (this.#exit) throw new Error(this.#exit);
      const ready = await fetch(url, { signal: AbortSignal.timeout(2000) })
        .then(async (response) => {
          await response.arrayBuffer();
          return response.ok;
        })
        .catch(() => false);
      if (ready) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(
      `${this.#name} did not answer at ${url} within ${seconds} s: ${this.#output.trim().slice(-600)}`,
    );
  }

  /** SIGTERM, and SIGKILL when it has not ended after `seconds`. */
  async stop(seconds = 10): Promise<void> {
    if (this.#exit !== null || this.#child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), seconds * 1000);
    await ended;
    clearTimeout(timer);
  }
}
