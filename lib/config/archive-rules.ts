import path from 'node:path';
import type { Explained } from './explain';
import type { Config } from './schema';

/** Retention names every file of a folder of copies that it does not know: archives have a folder of their own. */
export function checkArchives({ archives, databases }: Config): Explained[] {
  if (archives === undefined) return [];
  const plain = (folder: string): string => path.normalize(`${folder}/`);
  const shared = databases.find(
    ({ backup }) => backup !== undefined && plain(backup.folder) === plain(archives.folder),
  );
  if (shared === undefined) return [];
  return [
    {
      path: ['archives', 'folder'],
      message: `${archives.folder} already holds the copies of ${shared.id}.`,
      hint: 'Name a folder for archives alone, such as one beside it.',
    },
  ];
}
