#!/usr/bin/env node
// The command `signalbox`: the bundle where there is one (the image), else the sources of a clone.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const source = path.join(root, 'cli/main.ts');

function clone() {
  const packaged = path.join(root, 'node_modules/.bin/node');
  const loader = path.join(root, 'node_modules/tsx/dist/loader.mjs');
  if (!fs.existsSync(loader)) {
    console.error('The packages are not installed. Run npm ci in the folder of Signalbox first.');
    process.exit(1);
  }
  // tsx reads the path aliases of the folder's tsconfig.json, wherever the command is called from.
  const env = { ...process.env, TSX_TSCONFIG_PATH: path.join(root, 'tsconfig.json') };
  const node = fs.existsSync(packaged) ? packaged : process.execPath;
  const args = [
    '--conditions=react-server',
    '--import',
    `file://${loader}`,
    source,
    ...process.argv.slice(2),
  ];
  const child = spawn(node, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    console.error(`Signalbox could not be started: ${error.message}`);
    process.exit(1);
  });
  child.once('close', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

if (fs.existsSync(source)) clone();
else await import(path.join(root, 'dist/cli.mjs'));
