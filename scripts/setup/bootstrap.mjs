// What runs before the packages are there: plain JavaScript for Node 20. It installs them when they are missing or
// differ from the lock file, then goes on with the program's TypeScript under the Node 24 of the packages.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { installedMatchesLock } from './installed.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const OLDEST_NODE = 20;

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** The caller's PATH without our own packages: npm ci deletes those while it runs. */
function pathWithoutPackages() {
  const own = path.join(root, 'node_modules');
  const parts = (process.env.PATH ?? '').split(path.delimiter);
  return parts.filter((part) => !part.startsWith(own)).join(path.delimiter);
}

function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, options);
    child.once('error', (error) => resolve({ code: 127, error }));
    child.once('close', (code, signal) => resolve({ code: code ?? 1, signal }));
    options.onStart?.(child);
  });
}

async function install() {
  const lock = readJson(path.join(root, 'package-lock.json'));
  const installed = readJson(path.join(root, 'node_modules/.package-lock.json'));
  if (lock && installed && installedMatchesLock(lock, installed)) return;
  console.log(
    installed ? 'Packages: the lock file changed, installing …' : 'Packages: installing (about a minute) …',
  );
  const startedAt = performance.now();
  // loglevel error: npm itself may run under Node 20 and would print a page of EBADENGINE warnings.
  const { code, error } = await run(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, PATH: pathWithoutPackages(), NODE_ENV: '' },
    },
  );
  if (error) fail(`Packages: npm could not be started (${error.message}). Install npm and run this again.`);
  if (code !== 0)
    fail(`Packages: npm ci ended with ${code}. What it said stands above; run this again afterwards.`);
  console.log(`Packages: installed in ${Math.round((performance.now() - startedAt) / 1000)} s`);
}

/**
 * Runs `program` (a TypeScript file below the root) with the arguments of this process and ends with its exit code.
 * The condition `react-server` lets code that is fenced for servers load outside Next.
 */
export async function runProgram(program) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    fail(`Signalbox needs Node ${OLDEST_NODE} or newer to start; this is ${process.versions.node}.`);
  }
  await install();
  const packaged = path.join(root, 'node_modules/.bin/node');
  const node = fs.existsSync(packaged) ? packaged : process.execPath;
  const loader = path.join(root, 'node_modules/tsx/dist/loader.mjs');
  const args = ['--conditions=react-server', '--import', `file://${loader}`, path.join(root, program)];
  // Ctrl-C reaches the program through the terminal; here it must not end the wait for it.
  process.on('SIGINT', () => {});
  const { code, signal } = await run(node, [...args, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${path.join(root, 'node_modules/.bin')}${path.delimiter}${process.env.PATH}`,
    },
    onStart: (child) => {
      for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
    },
  });
  process.exit(signal ? 1 : code);
}
