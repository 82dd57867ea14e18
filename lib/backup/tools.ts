import 'server-only';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { env } from '@/lib/core/env';
import { OpsError } from '@/lib/core/errors';

const run = promisify(execFile);

export const toolNames = ['pg_dump', 'pg_restore', 'pg_amcheck'] as const;
export type ToolName = (typeof toolNames)[number];

/** Client tools that lie in one folder and have one version, such as 15.18. */
export type Tools = { folder: string; version: string; major: number };

/** Where Debian and Ubuntu put them, a folder for each major version. */
const debian = '/usr/lib/postgresql';

function candidates(configured: string | undefined): string[] {
  if (configured !== undefined) return [configured];
  const versions = fs.existsSync(debian) ? fs.readdirSync(debian).filter((name) => /^\d+$/.test(name)) : [];
  const folders = versions.map((name) => path.join(debian, name, 'bin'));
  const onPath = env()
    .PATH.split(path.delimiter)
    .filter((folder) => folder !== '');
  return [...folders, ...onPath];
}

const holdsAll = (folder: string): boolean =>
  toolNames.every((name) => {
    try {
      fs.accessSync(path.join(folder, name), fs.constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** `pg_dump (PostgreSQL) 15.18 (Debian …)` */
export const versionOf = (said: string): string | null =>
  /^\S+ \(PostgreSQL\) (\d+(\.\d+|beta\d+|rc\d+|devel)?)/.exec(said)?.[1] ?? null;

async function describeTools(folder: string): Promise<Tools | null> {
  if (!holdsAll(folder)) return null;
  try {
    const { stdout } = await run(path.join(folder, 'pg_dump'), ['--version'], { timeout: 10_000 });
    const version = versionOf(stdout);
    return version === null ? null : { folder, version, major: Number.parseInt(version, 10) };
  } catch {
    return null;
  }
}

/** Every set of tools of this machine, or the one of `backups.tools`. */
export async function findTools(configured: string | undefined): Promise<Tools[]> {
  const found = await Promise.all([...new Set(candidates(configured))].map(describeTools));
  return found.filter((tools) => tools !== null);
}

/**
 * The tools for a server: of its own major version, or the next newer one. An older pg_dump would leave out what it
 * does not know, and refuses by itself. Throws OpsError `precondition`.
 */
export function chooseTools(
  found: readonly Tools[],
  server: { version: string; major: number },
  configured: string | undefined,
): Tools {
  const fit = found
    .filter(({ major }) => major >= server.major)
    .sort((left, right) => left.major - right.major)[0];
  if (fit !== undefined) return fit;
  const newest = [...found].sort((left, right) => right.major - left.major)[0];
  if (newest === undefined) {
    const where = configured === undefined ? 'on this machine' : `in ${configured}`;
    throw new OpsError('precondition', `pg_dump, pg_restore and pg_amcheck are not all ${where}.`, {
      next: `Install the client tools of PostgreSQL ${server.major} or later, or name their folder in backups.tools.`,
    });
  }
  throw new OpsError(
    'precondition',
    `pg_dump ${newest.version} is older than the server, which is PostgreSQL ${server.version}: it would leave out what it does not know.`,
    {
      next: `Install the client tools of PostgreSQL ${server.major} or later, or name their folder in backups.tools.`,
    },
  );
}

/**
 * The tools to read a copy with: no older than its server nor than the pg_dump that wrote it, whose format an older
 * pg_restore may not know. Throws OpsError `precondition`.
 */
export function chooseReader(
  found: readonly Tools[],
  { server, dumpVersion }: { server: { version: string; major: number }; dumpVersion: string },
  configured: string | undefined,
): Tools {
  const fit = chooseTools(found, server, configured);
  const major = Number.parseInt(dumpVersion, 10);
  if (fit.major >= major) return fit;
  const able = found.filter((tools) => tools.major >= major);
  if (able.length > 0) return chooseTools(able, server, configured);
  const newest = [...found].sort((left, right) => right.major - left.major)[0] ?? fit;
  throw new OpsError(
    'precondition',
    `The copy was written by pg_dump ${dumpVersion}, and pg_restore ${newest.version} is older: it may not be able to read it.`,
    {
      next: `Install the client tools of PostgreSQL ${major} or later, or name their folder in backups.tools.`,
    },
  );
}
