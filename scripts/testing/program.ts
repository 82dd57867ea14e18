import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { bundle } from '../build/bundle';
import { repositoryRoot, stateRoot } from '../setup/root';

/**
 * A program of ours in one file, as an install has it, for the tests of a file that start it again and again: from its
 * sources each start takes five times the processor. Called at the top of the file; gives Node's arguments.
 */
export function bundledProgram(entry: string): () => string[] {
  const name = entry.replaceAll(/\W+/g, '-');
  // Below the clone, so that the packages are found.
  const file = path.join(stateRoot, 'test', 'programs', `${name}-${process.pid}.mjs`);
  beforeAll(() => bundle(entry, path.relative(repositoryRoot, file)));
  afterAll(() => {
    for (const made of [file, `${file}.map`]) fs.rmSync(made, { force: true });
  });
  return () => ['--conditions=react-server', file];
}
