import path from 'node:path';
import type { Config } from '@/lib/config/schema';

/** Files of the configuration, absolute: those to archive, and the names of what is secret. */
export type NamedFiles = { files: string[]; secrets: string[] };

/** Members that name a file anybody may read. Whatever else is named counts as a secret, also what comes later. */
const open = new Set(['caFile', 'certFile']);
/** Members that name a file with a key or an account. */
const closed = new Set(['keyFile', 'kubeconfig']);

/**
 * What a configuration, whose paths are absolute already, names beside itself: certificates, which belong into an
 * archive of it, and secrets, of which only the name does. Sorted, each once.
 */
export function namedFiles(config: Config): NamedFiles {
  const files = new Set<string>();
  const secrets = new Set<string>();
  const look = (value: unknown): void => {
    if (Array.isArray(value)) for (const member of value) look(member);
    if (Array.isArray(value) || typeof value !== 'object' || value === null) return;
    const members = Object.entries(value);
    const [only] = members;
    if (members.length === 1 && only !== undefined && typeof only[1] === 'string') {
      if (only[0] === 'file') secrets.add(only[1]);
      if (only[0] === 'env') secrets.add(`$${only[1]}`);
    }
    for (const [key, member] of members) {
      if (typeof member === 'string' && open.has(key)) files.add(member);
      else if (typeof member === 'string' && closed.has(key)) secrets.add(member);
      else look(member);
    }
  };
  look(config);
  return {
    files: [...files].filter((file) => !secrets.has(file)).toSorted(),
    secrets: [...secrets].toSorted(),
  };
}

/** Where a file lies in the archive: by its place below the folder of signalbox.yaml, else by its whole path. */
export function archivedName(file: string, folder: string): string {
  const below = path.relative(folder, file);
  const isBelow = below !== '' && !below.startsWith('..') && !path.isAbsolute(below);
  return isBelow ? below.split(path.sep).join('/') : `elsewhere${file.split(path.sep).join('/')}`;
}
