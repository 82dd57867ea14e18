import 'server-only';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ConfigSource } from '@/lib/config/load';
import { OpsError } from '@/lib/core/errors';
import { ConfigurationManifest } from './manifest';
import { archivedName, namedFiles } from './named-files';
import { programVersion } from './program';
import { type TarFile, writeTar } from './tar';

export const manifestName = 'manifest.json';

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A certificate file may hold its key as well. */
const holdsKey = (bytes: Buffer): boolean => bytes.includes('PRIVATE KEY-----');

export type PackedConfiguration = { manifest: ConfigurationManifest; bytes: Buffer };

/**
 * The configuration as one gzipped tar: signalbox.yaml byte for byte as it was read at the start, the certificates that
 * it names as they are now, and a manifest. Contents of secrets are never read; a certificate that lies in one file
 * with its key is a secret too. The same files give the same bytes. Throws OpsError `unavailable`.
 */
export async function packConfiguration(source: ConfigSource): Promise<PackedConfiguration> {
  const folder = path.dirname(path.resolve(source.file));
  const named = namedFiles(source.config);
  const secrets = [...named.secrets];
  const configuration = path.basename(source.file);
  const packed = [{ name: configuration, path: path.resolve(source.file), content: source.bytes }];
  for (const file of named.files) {
    const content = await fs.readFile(file).catch((cause: unknown) => {
      throw new OpsError('unavailable', `${file}, which signalbox.yaml names, cannot be read.`, {
        next: 'Without it the archive would not be the configuration: put it there, or correct signalbox.yaml.',
        cause,
      });
    });
    if (holdsKey(content)) secrets.push(file);
    else packed.push({ name: archivedName(file, folder), path: file, content });
  }
  const manifest = ConfigurationManifest.parse({
    v: 1,
    kind: 'configuration',
    program: programVersion,
    configuration,
    files: packed.map(({ content, ...file }) => ({
      ...file,
      bytes: content.length,
      sha256: sha256Of(content),
    })),
    secrets: secrets.toSorted(),
  });
  const files: TarFile[] = [
    { name: manifestName, content: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`) },
    ...packed,
  ];
  return { manifest, bytes: gzipSync(writeTar(files)) };
}
