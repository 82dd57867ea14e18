import 'server-only';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import type { CheckToKeep } from '@/lib/backup/check';
import { checkStored } from '@/lib/backup/check-file';
import { readMarkerAs } from '@/lib/backup/folder';
import { messageOf, OpsError } from '@/lib/core/errors';
import { checkAuditDecoded, checkAuditListed, checkAuditProven } from './check-audit';
import {
  checkConfigurationDecoded,
  checkConfigurationListed,
  checkConfigurationProven,
} from './check-configuration';
import { ArchiveMarker, type AuditManifest } from './manifest';
import type { ArchiveKind } from './model';
import { readAuditManifest } from './read-audit';

/** What was found of one file; `log` is told where an archive of the audit log holds. */
export type VerifiedFile = {
  file: string;
  kind: ArchiveKind;
  hasMarker: boolean;
  checks: CheckToKeep[];
  holds: boolean;
  log: AuditManifest | null;
};

/** By its content, whatever its name is: the log is lines of JSON, the configuration a tar. */
async function kindOf(file: string): Promise<ArchiveKind> {
  const unpacked = createGunzip();
  const source = createReadStream(file);
  source.on('error', (error) => unpacked.destroy(error));
  try {
    for await (const chunk of source.pipe(unpacked)) {
      if (Buffer.isBuffer(chunk) && chunk.length > 0) return chunk[0] === 0x7b ? 'audit' : 'configuration';
    }
    return 'configuration';
  } catch (cause) {
    throw new OpsError('invalid', `${file} is no archive: it cannot be unpacked (${messageOf(cause)}).`, {
      next: 'Take another copy of the file; SHA-256 of what was written stands in the .json beside it.',
      cause,
    });
  } finally {
    source.destroy();
    unpacked.destroy();
  }
}

/**
 * Takes one archive up its ladder with nothing but the file and, where it lies beside it, its marker. Throws OpsError
 * for what cannot be read at all.
 */
export async function verifyFile(file: string, signal: AbortSignal): Promise<VerifiedFile> {
  await fs.access(file).catch((cause: unknown) => {
    throw new OpsError('unavailable', `The file ${file} cannot be read: ${messageOf(cause)}.`, { cause });
  });
  const [folder, object] = [path.dirname(path.resolve(file)), path.basename(file)];
  const marker = await readMarkerAs(ArchiveMarker, folder, object);
  const kind = await kindOf(file);
  const checks: CheckToKeep[] = [];
  for await (const check of looks({ file, folder, object, kind, marker, signal })) {
    checks.push(check);
    if (check.result !== 'passed') break;
  }
  const holds = checks.at(-1)?.result === 'passed';
  return {
    file,
    kind,
    hasMarker: marker !== null,
    checks,
    holds,
    log: holds && kind === 'audit' ? await readAuditManifest(file, signal) : null,
  };
}

type Looking = {
  file: string;
  folder: string;
  object: string;
  kind: ArchiveKind;
  marker: ArchiveMarker | null;
  signal: AbortSignal;
};

async function* looks({ file, folder, object, kind, marker, signal }: Looking): AsyncGenerator<CheckToKeep> {
  if (marker !== null) {
    const { bytes, sha256 } = marker;
    yield await checkStored({ folder, object, bytes, sha256 }, { minBytes: 1, before: [], signal }, () =>
      Promise.resolve(marker),
    );
  }
  const content = marker?.content ?? null;
  if (kind === 'audit') {
    yield await checkAuditListed({ file, signal }, content?.kind === 'audit' ? content : null);
    yield await checkAuditDecoded({ file, signal });
    return yield await checkAuditProven({ file, signal }, null);
  }
  const expected = content?.kind === 'configuration' ? content : null;
  yield await checkConfigurationListed({ file, expected });
  yield await checkConfigurationDecoded({ file, expected });
  yield await checkConfigurationProven({ file, expected });
}
