import 'server-only';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { OpsError } from '@/lib/core/errors';
import { Catalog } from './catalog';
import { Evidence } from './contract';
import { errorCodeOf } from './file-error';

/** A copy without its marker was never finished. */
export const Marker = z.object({
  v: z.literal(1),
  copy: z.uuid(),
  database: z.string(),
  object: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  snapshotAt: z.iso.datetime(),
  serverVersion: z.string(),
  dumpVersion: z.string(),
  systemIdentifier: z.string().nullable(),
  /** What its row says of a copy, should the worker not come to write it; seconds that the dump took. */
  made: z
    .object({ catalog: Catalog, seconds: z.number(), evidence: z.array(Evidence).optional() })
    .optional(),
});
export type Marker = z.infer<typeof Marker>;

export const objectName = (name: string, id: string, at: Date, end = 'dump'): string =>
  `${name}-${at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${id.slice(0, 8)}.${end}`;

const partOf = (folder: string, object: string): string => path.join(folder, `.${object}.part`);
export const fileOf = (folder: string, object: string): string => path.join(folder, object);
const markerOf = (folder: string, object: string): string => path.join(folder, `${object}.json`);

/** Readies the folder for a new object and returns where it is written to. Throws OpsError `unavailable`. */
export async function beginObject(folder: string, object: string): Promise<string> {
  try {
    // Only the last folder is made: a disk that is not mounted must not be replaced by one with its name.
    await fs.mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      if (errorCodeOf(error) !== 'EEXIST') throw error;
    });
    const part = partOf(folder, object);
    // Nobody else may read what the database holds; pg_dump keeps the rights of a file that is there.
    await (await fs.open(part, 'wx', 0o600)).close();
    return part;
  } catch (cause) {
    throw folderError(folder, cause);
  }
}

/** Why the folder cannot be used, in words. */
export function folderError(folder: string, cause: unknown): OpsError {
  const code = errorCodeOf(cause);
  const says: Record<string, string> = {
    EACCES: 'may not be written to',
    EPERM: 'may not be written to',
    EROFS: 'is on a file system that is read-only',
    ENOSPC: 'has no space left',
    EDQUOT: 'has no space left',
    ENOTDIR: 'is no folder',
    EEXIST: 'is no folder',
    ENOENT: 'is not there',
  };
  return new OpsError('unavailable', `The folder ${folder} ${says[code] ?? `cannot be used (${code})`}.`, {
    next: 'Check that it is mounted and that the worker may write to it.',
    cause,
  });
}

export type Digest = { sha256: string; bytes: number };

/** SHA-256 of the stored bytes, read anew. */
export async function digestOf(file: string, signal: AbortSignal): Promise<Digest> {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await fs.open(file, 'r');
  try {
    // A stream that begins with a signal that is over throws where nobody catches it.
    signal.throwIfAborted();
    for await (const chunk of handle.createReadStream({ highWaterMark: 1 << 20, signal, autoClose: false })) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('A file gave text.');
      hash.update(chunk);
      bytes += chunk.length;
    }
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** Puts what was written in its place, for good: data, then name, then marker. Throws what the file system throws. */
export async function finishObject<M extends { object: string }>(folder: string, marker: M): Promise<void> {
  const part = partOf(folder, marker.object);
  await synced(part);
  await fs.rename(part, fileOf(folder, marker.object));
  await synced(folder);
  const draft = `${markerOf(folder, marker.object)}.part`;
  await fs.writeFile(draft, `${JSON.stringify(marker, null, 2)}\n`, { mode: 0o600 });
  await synced(draft);
  await fs.rename(draft, markerOf(folder, marker.object));
  await synced(folder);
}

async function synced(file: string): Promise<void> {
  const handle = await fs.open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The marker of an object by the schema of its kind; null when there is none, or none of that kind. */
export async function readMarkerAs<T>(
  schema: z.ZodType<T>,
  folder: string,
  object: string,
): Promise<T | null> {
  try {
    return schema.parse(JSON.parse(await fs.readFile(markerOf(folder, object), 'utf8')));
  } catch {
    return null;
  }
}

export const readMarker = (folder: string, object: string): Promise<Marker | null> =>
  readMarkerAs(Marker, folder, object);

/** The marker of a copy that was finished and has all its bytes; null for one that was not. */
export async function finishedObject(folder: string, object: string, copy: string): Promise<Marker | null> {
  const marker = await readMarker(folder, object);
  if (marker === null || marker.copy !== copy || marker.object !== object) return null;
  return (await hasAllBytes(folder, marker)) ? marker : null;
}

/** Whether the file of a marker is there in its whole length. */
export async function hasAllBytes(
  folder: string,
  { object, bytes }: { object: string; bytes: number },
): Promise<boolean> {
  const size = await fs.stat(fileOf(folder, object)).then(
    (file) => file.size,
    () => null,
  );
  return size === bytes;
}

/** Removes everything of one object, finished or not; what is not there is no error. */
export async function removeObject(folder: string, object: string): Promise<void> {
  const marker = markerOf(folder, object);
  // The marker goes first: what is left without one counts for nothing.
  for (const file of [marker, `${marker}.part`, fileOf(folder, object), partOf(folder, object)]) {
    await fs.rm(file, { force: true });
  }
}

/** Bytes that are free for this process. Throws what the file system throws. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await fs.statfs(folder);
  return bavail * bsize;
}

/** Whether the folder can be written to, leaving it as it was. Throws OpsError `unavailable`. */
export async function tryFolder(folder: string): Promise<void> {
  const isThere = await fs.stat(folder).then(
    () => true,
    () => false,
  );
  await fs.rm(await beginObject(folder, `signalbox-probe-${process.pid}`), { force: true });
  if (!isThere) await fs.rmdir(folder);
}
