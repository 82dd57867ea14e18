import 'server-only';
import fs from 'node:fs/promises';
import { folderError } from '../folder';

/** So many names are told; a folder may hold anything. */
const toldFiles = 50;

/** What lies in a folder of copies. Nothing that is not known is ever deleted. */
export type Inventory = {
  /** Null when the folder can be read. */
  problem: string | null;
  /** Whether a copy is whole: its file and its marker are there. */
  isWhole: (object: string) => boolean;
  unknown: string[];
  unknownCount: number;
};

/** The object that a file belongs to, by the names of lib/backup/folder.ts. */
const objectsOf = (name: string): string[] => {
  const bare = name.replace(/\.part$/, '');
  return [name, name.replace(/\.json$/, ''), bare.replace(/\.json$/, ''), bare.replace(/^\./, '')];
};

/** Reads a folder; `knows` says whether the database has an object of this name that is not deleted. */
export async function takeInventory(
  folder: string,
  knows: (names: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<Inventory> {
  let names: string[];
  try {
    names = await fs.readdir(folder);
  } catch (cause) {
    return {
      problem: folderError(folder, cause).message,
      isWhole: () => false,
      unknown: [],
      unknownCount: 0,
    };
  }
  const known = await knows([...new Set(names.flatMap(objectsOf))]);
  const there = new Set(names);
  const unknown = names.filter((name) => !objectsOf(name).some((object) => known.has(object))).sort();
  return {
    problem: null,
    isWhole: (object) => there.has(object) && there.has(`${object}.json`),
    unknown: unknown.slice(0, toldFiles),
    unknownCount: unknown.length,
  };
}
