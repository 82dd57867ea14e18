import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot, stateRoot } from './root';

const SKIPPED = new Set(['node_modules', 'generated', '.next', 'dist', '.git', '.signalbox']);

/** Every file below the given files and folders (relative to `root`), sorted; what git ignores is left out. */
export function filesBelow(entries: readonly string[], root: string = repositoryRoot): string[] {
  const found: string[] = [];
  const walk = (relative: string) => {
    const full = path.join(root, relative);
    const stat = fs.statSync(full, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isFile()) found.push(relative);
    if (!stat.isDirectory()) return;
    for (const name of fs.readdirSync(full)) if (!SKIPPED.has(name)) walk(path.join(relative, name));
  };
  for (const entry of entries) walk(entry);
  return found.sort();
}

/** SHA-256 over the names and contents of files, and over `extra` (versions, settings). */
export function hashOf(files: readonly string[], extra = '', root: string = repositoryRoot): string {
  const hash = crypto.createHash('sha256').update(extra);
  for (const file of files) {
    const content = fs.readFileSync(path.join(root, file));
    hash.update(`\0${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** A remembered hash: `isCurrent` compares, `remember` writes it after the work succeeded. */
export function stamp(name: string, value: string, folder: string = path.join(stateRoot, 'cache')) {
  const file = path.join(folder, `${name}.hash`);
  return {
    isCurrent: () => fs.existsSync(file) && fs.readFileSync(file, 'utf8') === value,
    remember: () => {
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(file, value);
    },
  };
}
