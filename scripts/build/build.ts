import fs from 'node:fs';
import path from 'node:path';
import { generate } from '../generate/generate';
import { run } from '../process/run';
import { filesBelow, hashOf, stamp } from '../setup/hash';
import { repositoryRoot } from '../setup/root';
import { UserError } from '../setup/user-error';
import { bundleBrowserZod } from './browser-zod';
import { bundle } from './bundle';
import { scanBrowserFiles } from './client-scan';

/** Everything that the built programs are made from. */
const INPUTS = [
  'app',
  'components',
  'lib',
  'worker',
  'cli',
  'public',
  'prisma',
  'scripts/build',
  'scripts/migrate',
  'proxy.ts',
  'instrumentation.ts',
  'next.config.js',
  'postcss.config.mjs',
  'package-lock.json',
  'tsconfig.json',
];
const OUTPUTS = [
  '.next/standalone/server.js',
  '.next/standalone/.next/static',
  'dist/worker.mjs',
  'dist/cli.mjs',
];
const at = (relative: string) => path.join(repositoryRoot, relative);
const isProduct = (file: string) => !/\.test\.tsx?$/.test(file);

/** Whether what is built is of these sources. */
function current() {
  return stamp('build', hashOf(filesBelow(INPUTS).filter(isProduct)));
}

/**
 * Builds web, worker and command line for production when a source changed (or `force`). Returns whether it did.
 * Throws UserError with the tools' output when something does not build, or when a file for browsers holds
 * something of the server.
 */
export async function buildAll(options: { force?: boolean } = {}): Promise<boolean> {
  await generate();
  const hash = current();
  if (!options.force && hash.isCurrent() && OUTPUTS.every((file) => fs.existsSync(at(file)))) return false;
  await Promise.all([buildWeb(), buildPrograms()]);
  hash.remember();
  return true;
}

async function buildWeb(): Promise<void> {
  await bundleBrowserZod();
  // With the Node.js that runs this, whatever the first one of the PATH is.
  const { code, output } = await run(process.execPath, ['node_modules/.bin/next', 'build'], {
    env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  });
  if (code !== 0) throw new UserError(`The web does not build:\n${output.trim()}`);
  const found = scanBrowserFiles(at('.next/static'));
  if (found.length > 0) {
    throw new UserError(
      `Files for browsers hold something of the server:\n${found.join('\n')}`,
      'Find which component imports a server module, and import its model or contract instead.',
    );
  }
  fs.cpSync(at('.next/static'), at('.next/standalone/.next/static'), { recursive: true });
  if (fs.existsSync(at('public')))
    fs.cpSync(at('public'), at('.next/standalone/public'), { recursive: true });
}

async function buildPrograms(): Promise<void> {
  try {
    await bundle('worker/main.ts', 'dist/worker.mjs');
    await bundle('cli/main.ts', 'dist/cli.mjs');
  } catch (error) {
    throw new UserError(`The worker or the command line does not build:\n${String(error)}`, undefined, error);
  }
}
