import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import type { FullConfig } from '@playwright/test';
import { freePorts } from '../scripts/stack/ports';

const root = path.join(import.meta.dirname, '..');
const running: ChildProcess[] = [];

/**
 * Starts one stack for each of the runner's workers, so that journeys beside one another never share a production;
 * what they need to know goes into E2E_STACKS, in the order of the workers. With E2E_STACK_FILE a stack that runs
 * already is used by one worker (its JSON line in that file), which is quicker while writing journeys.
 */
export default async function globalSetup({ workers }: FullConfig): Promise<() => Promise<void>> {
  const known = process.env['E2E_STACK_FILE'];
  if (known !== undefined) {
    process.env['E2E_STACKS'] = `[${fs.readFileSync(known, 'utf8')}]`;
    return async () => undefined;
  }
  // Once before all: two stacks that find sources changed would build over each other.
  const args = [path.join(root, 'scripts/build.mjs'), '--changed'];
  const build = spawn(process.execPath, args, { stdio: 'inherit' });
  const [code] = await once(build, 'exit');
  if (code !== 0) throw new Error('The build for the journeys failed; its messages are above.');
  const blocks = await disjointBlocks(workers);
  try {
    const lines = await Promise.all(blocks.map((port, index) => startOne(`e2e-${index + 1}`, port)));
    process.env['E2E_STACKS'] = `[${lines.join(',')}]`;
  } catch (error) {
    await stopAll();
    throw error;
  }
  return stopAll;
}

/** First ports of blocks that do not overlap. */
async function disjointBlocks(count: number): Promise<number[]> {
  const firsts: number[] = [];
  while (firsts.length < count) {
    const { web } = await freePorts();
    if (firsts.every((other) => Math.abs(other - web) > 100)) firsts.push(web);
  }
  return firsts;
}

async function startOne(name: string, port: number): Promise<string> {
  const main = path.join(root, 'e2e/stack-main.ts');
  const args = ['--conditions=react-server', '--import', 'tsx', main, name, String(port)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  const exited = once(child, 'exit').then(() => null);
  const line = await Promise.race([firstJsonLine(child.stdout), exited]);
  if (line === null) throw new Error(`The stack ${name} did not start; its messages are above.`);
  return line;
}

async function stopAll(): Promise<void> {
  await Promise.all(
    running.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }),
  );
}

async function firstJsonLine(stream: NodeJS.ReadableStream): Promise<string | null> {
  for await (const line of readline.createInterface({ input: stream })) if (line.startsWith('{')) return line;
  return null;
}
