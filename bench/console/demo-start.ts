import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { waitUntilGone } from '@/scripts/process/alive';
import { startChild } from '@/scripts/process/child';
import { run } from '@/scripts/process/run';
import { repositoryRoot, stateRoot } from '@/scripts/setup/root';
import { freePorts } from '@/scripts/stack/ports';

const READY = /^Ready after /;
const TIMEOUT_MS = 600_000;
const STOP_MS = 60_000;

/** The process that runs the demo of a clone, as its lock tells. */
function lockHolder(folder: string): number | undefined {
  const file = path.join(folder, '.signalbox/demo.pid');
  return fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : undefined;
}

/** A folder with what a fresh clone has after npm ci: our files, the packages, the fetched programs. */
async function freshClone(): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'signalbox-bench-'));
  const list = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  for (const file of list.output.split('\0')) {
    const from = path.join(repositoryRoot, file);
    if (file === '' || !fs.existsSync(from)) continue;
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.copyFileSync(from, path.join(folder, file));
  }
  const cache = path.join(stateRoot, 'cache');
  fs.mkdirSync(path.join(folder, '.signalbox/cache'), { recursive: true });
  await copy(path.join(repositoryRoot, 'node_modules'), path.join(folder, 'node_modules'));
  for (const entry of fs.existsSync(cache) ? fs.readdirSync(cache, { withFileTypes: true }) : []) {
    if (!entry.isDirectory()) continue;
    await copy(path.join(cache, entry.name), path.join(folder, '.signalbox/cache', entry.name));
  }
  return folder;
}

/** Links where both folders lie on one file system, which takes seconds instead of a minute. */
async function copy(from: string, to: string): Promise<void> {
  const linked = await run('cp', ['-al', from, to]);
  if (linked.code === 0) return;
  fs.rmSync(to, { recursive: true, force: true });
  const copied = await run('cp', ['-a', from, to]);
  if (copied.code !== 0) throw new Error(`${from} could not be copied:\n${copied.output}`);
}

/** Seconds from typing the command to its line that it is ready; it is stopped again. */
async function demoSeconds(folder: string, signal: AbortSignal): Promise<number> {
  const ports = await freePorts();
  const startedAt = performance.now();
  const child = startChild({
    name: 'npm run demo',
    command: 'npm',
    args: [
      '--prefix',
      folder,
      'run',
      'demo',
      '--',
      '--port',
      String(ports.web),
      '--port-base',
      String(ports.worker),
    ],
    logFile: path.join(stateRoot, 'bench/logs/demo.log'),
  });
  const end = () => child.kill('SIGTERM');
  const timeout = setTimeout(end, TIMEOUT_MS);
  signal.addEventListener('abort', end, { once: true });
  try {
    await child.waitForLine((line) => READY.test(line));
    return (performance.now() - startedAt) / 1000;
  } finally {
    clearTimeout(timeout);
    signal.removeEventListener('abort', end);
    const demo = lockHolder(folder);
    await child.stop(STOP_MS);
    // npm ends at once and leaves the demo to stop in order.
    if (demo !== undefined) await waitUntilGone(demo, STOP_MS);
  }
}

/** First and second run of `npm run demo` in a fresh clone, which is removed afterwards with its databases. */
export async function demoStarts(
  progress: (line: string) => void,
  wantSecond: boolean,
  signal: AbortSignal,
): Promise<{ first: number; second: number | undefined }> {
  const folder = await freshClone();
  try {
    progress('npm run demo, nothing built and no data …');
    const first = await demoSeconds(folder, signal);
    progress(`Ready after ${Math.round(first)} s.${wantSecond ? ' Second run …' : ''}`);
    return { first, second: wantSecond ? await demoSeconds(folder, signal) : undefined };
  } finally {
    fs.rmSync(await databasesOf(folder), { recursive: true, force: true });
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Where the clone keeps its databases: outside of it when root runs them, which only its own scripts know. */
async function databasesOf(folder: string): Promise<string> {
  const text = `import('./scripts/postgres/placement.ts').then((m) => console.log(m.dataFolder('.signalbox/demo/console')))`;
  const loader = `file://${path.join(folder, 'node_modules/tsx/dist/loader.mjs')}`;
  const { code, output } = await run(process.execPath, ['--import', loader, '-e', text], { cwd: folder });
  const data = output.trim().split('\n').at(-1) ?? '';
  if (code !== 0 || !path.isAbsolute(data)) throw new Error(`The clone's databases are not found: ${output}`);
  return path.dirname(data);
}
