import path from 'node:path';
import { repositoryRoot } from './root';

/** Node's arguments to run a TypeScript file of this repository; `react-server` opens what is fenced for servers. */
export const typescript = (file: string): string[] => [
  '--conditions=react-server',
  '--import',
  `file://${path.join(repositoryRoot, 'node_modules/tsx/dist/loader.mjs')}`,
  path.join(repositoryRoot, file),
];
