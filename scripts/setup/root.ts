import fs from 'node:fs';
import path from 'node:path';

/** The nearest folder at or above `from` that has `entry` in it; undefined when there is none. */
export function findUp(entry: string, from: string): string | undefined {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, entry))) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** The folder of this clone (or of the installed image): the one that holds package.json. */
export const repositoryRoot: string = findUp('package.json', import.meta.dirname) ?? process.cwd();

/** Everything that the scripts write and that git ignores. */
export const stateRoot: string = path.join(repositoryRoot, '.signalbox');
