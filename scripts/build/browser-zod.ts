import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { filesBelow } from '../setup/hash';
import { repositoryRoot } from '../setup/root';

/** Where next.config.js finds it. */
const OUTFILE = 'dist/browser-zod.js';
/** These are named in types alone; `core` would bring the whole library. */
const TYPES = new Set(['core', 'infer', 'input', 'output']);
const IMPORT = /^import (?:type )?\* as z from 'zod\/mini';$/m;

/** What the texts of source files take from zod/mini. */
export function namesOf(texts: readonly string[]): string[] {
  const names = texts
    .filter((text) => IMPORT.test(text))
    .flatMap((text) => [...text.matchAll(/\bz\s*\.\s*([A-Za-z_]\w*)/g)].map(([, name]) => name ?? ''));
  return [...new Set(names)].filter((name) => !TYPES.has(name)).toSorted();
}

/**
 * Writes the part of zod/mini that browsers need. Next drops unused exports file by file, and the files of zod
 * are few and large: without this, 9 kB of kinds that no contract uses are on every page.
 */
export async function bundleBrowserZod(): Promise<void> {
  const texts = filesBelow(['lib', 'components'])
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
    .map((file) => fs.readFileSync(path.join(repositoryRoot, file), 'utf8'));
  await build({
    stdin: {
      contents: `export { ${namesOf(texts).join(', ')} } from 'zod/mini';`,
      resolveDir: repositoryRoot,
    },
    outfile: path.join(repositoryRoot, OUTFILE),
    bundle: true,
    minify: true,
    format: 'esm',
    logLevel: 'silent',
  });
}
